import { z } from 'zod'
import { type AlertRule, alertRuleSchema } from '#alert'
import { checking, refused } from '#connector'
import { equipmentTypes, severities } from '#core'
import type { AlertRuleFields, AlertRuleRow } from '#store'
import { idText, timeOf, timeText, wordOf } from './answer-fields.ts'

/** A rule as answers show it: every field, null where its kind has none. */
export const alertRuleRecordSchema = z
  .object({
    id: idText(),
    name: z.string(),
    equipment_id: idText().nullable(),
    equipment_type: z.enum(equipmentTypes).nullable(),
    kind: z.enum(['threshold', 'state', 'no_data']),
    metric: z.string().nullable(),
    above: z.number().nullable(),
    below: z.number().nullable(),
    hysteresis: z.number().nullable(),
    equals: z.string().nullable(),
    for_seconds: z.int(),
    severity: z.enum(severities),
    enabled: z.boolean(),
    created_at: timeText(),
    updated_at: timeText(),
  })
  .meta({ id: 'AlertRule', title: 'Alert rule' })

export function alertRuleRecord(row: AlertRuleRow): z.output<typeof alertRuleRecordSchema> {
  return {
    id: row.id,
    name: row.name,
    equipment_id: row.equipment_id,
    equipment_type: row.equipment_type && wordOf(equipmentTypes, row.equipment_type, 'other'),
    kind: row.kind,
    metric: row.metric,
    above: row.above,
    below: row.below,
    hysteresis: row.kind === 'threshold' ? row.hysteresis : null,
    equals: row.equals,
    for_seconds: row.for_seconds,
    severity: wordOf(severities, row.severity, 'critical'),
    enabled: row.enabled,
    created_at: timeOf(row.created_at),
    updated_at: timeOf(row.updated_at),
  }
}

/** What a stored rule says, as it was given. */
export function ruleOf(row: AlertRuleRow): AlertRule {
  const { id: _, created_at: _created, updated_at: _updated, ...fields } = alertRuleRecord(row)
  return parsedRule(Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)))
}

/** Checks a rule that was put together from parts. Throws as for a body. */
export function parsedRule(rule: Readonly<Record<string, unknown>>): AlertRule {
  const parsed = alertRuleSchema.safeParse(rule, checking)
  if (!parsed.success) throw refused(parsed.error)
  return parsed.data
}

/** A rule in the columns that it is stored in. */
export function ruleFields(rule: AlertRule): AlertRuleFields {
  return {
    name: rule.name,
    kind: rule.kind,
    severity: rule.severity,
    enabled: rule.enabled,
    equipment_id: rule.equipment_id ?? null,
    equipment_type: rule.equipment_type ?? null,
    for_seconds: rule.for_seconds,
    metric: rule.kind === 'no_data' ? null : rule.metric,
    equals: rule.kind === 'state' ? rule.equals : null,
    ...(rule.kind === 'threshold'
      ? { above: rule.above ?? null, below: rule.below ?? null, hysteresis: rule.hysteresis }
      : { above: null, below: null, hysteresis: 0 }),
  }
}
