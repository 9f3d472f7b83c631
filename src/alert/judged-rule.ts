import type { Reading } from '#core'
import type { StoredConditionState } from '#store'
import { atRest, type Observation, type RuleState } from './evaluate-rule.ts'
import { readerOf } from './metric-value.ts'
import type { ReadingRule } from './rule-catalogue.ts'
import type { WatchedEquipment } from './watched-equipment.ts'

/** One rule on one machine. */
export interface JudgedRule {
  readonly rule: ReadingRule
  readonly read: (reading: Reading) => Observation['value'] | undefined
  state: RuleState
  /** The last usable value. */
  last: Observation | undefined
}

/** A machine whose last value is older than this many intervals is silent: no delay of a rule elapses on it. */
const freshIntervals = 2.5

/** The rules on a machine; one that was there in the same revision keeps its state. */
export function judgedRules(rules: readonly ReadingRule[], before: readonly JudgedRule[]): JudgedRule[] {
  return rules.map((rule) => {
    const kept = before.find((judged) => judged.rule.id === rule.id && judged.rule.revision === rule.revision)
    return kept ?? { rule, read: readerOf(rule.metric), state: atRest, last: undefined }
  })
}

/** Puts back what was persisted under the same revision. */
export function restoreStates(rules: readonly JudgedRule[], stored: readonly StoredConditionState[]): void {
  for (const { rule_id, rule_revision, phase, since, side } of stored) {
    const judged = rules.find(({ rule }) => rule.id === rule_id && rule.revision === rule_revision)
    if (judged) judged.state = { phase, since: since.getTime(), side }
  }
}

/** The last value once more, at the moment when its delay has elapsed: only a machine that still answers can have one. */
export function elapsedObservation(
  { rule, state, last }: JudgedRule,
  { intervalMs }: WatchedEquipment,
  now: number,
): Observation | undefined {
  if (state.phase !== 'waiting' || last === undefined) return undefined
  const dueAt = state.since + rule.for_seconds * 1000
  if (now < dueAt || now - last.at > freshIntervals * intervalMs) return undefined
  return { at: Math.max(dueAt, last.at), value: last.value }
}
