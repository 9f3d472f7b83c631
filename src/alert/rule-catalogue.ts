import type { EquipmentType, Log } from '#core'
import type { AlertRuleRow } from '#store'
import { type AlertRule, alertRuleSchema, type StateRule, type ThresholdRule } from './rule-schema.ts'

/** A rule as it is stored: `id` and `revision` name exactly what is judged by. */
export type Stored<Rule extends AlertRule> = Rule & { readonly id: string; readonly revision: number }

/** A rule that is judged reading by reading. */
export type ReadingRule = Stored<ThresholdRule | StateRule>

/** Which rules are for which machine. */
export interface RuleCatalogue {
  rulesFor(equipment: { readonly id: string; readonly type: EquipmentType }): readonly ReadingRule[]
}

export function createRuleCatalogue(rules: readonly ReadingRule[]): RuleCatalogue {
  const byEquipment = Map.groupBy(rules, (rule) => rule.equipment_id)
  const byType = Map.groupBy(rules, (rule) => (rule.equipment_id === undefined ? rule.equipment_type : undefined))
  const forAll = (byEquipment.get(undefined) ?? []).filter((rule) => rule.equipment_type === undefined)
  return {
    rulesFor: ({ id, type }) => [...(byEquipment.get(id) ?? []), ...(byType.get(type) ?? []), ...forAll],
  }
}

/** The rule that a row holds; nothing, and a line in the log, when this release does not understand it. */
export function ruleOf(row: AlertRuleRow, log: Log): Stored<AlertRule> | undefined {
  const { id, revision, created_at, updated_at, ...fields } = row
  const kept = Object.entries(fields).filter(([field, value]) => value !== null && isOf(row.kind, field))
  const parsed = alertRuleSchema.safeParse(Object.fromEntries(kept))
  if (parsed.success) return { ...parsed.data, id, revision }
  log.error(
    { rule_id: id, issues: parsed.error.issues.map(({ path, message }) => ({ path, message })) },
    'an alert rule is not understood and is not judged',
  )
  return undefined
}

/** The same for a rule that is judged reading by reading. */
export function readingRuleOf(row: AlertRuleRow, log: Log): ReadingRule | undefined {
  const rule = ruleOf(row, log)
  return rule && rule.kind !== 'no_data' ? rule : undefined
}

/** `hysteresis` has a column for every kind but a meaning only for thresholds. */
function isOf(kind: AlertRuleRow['kind'], field: string): boolean {
  return field !== 'hysteresis' || kind === 'threshold'
}
