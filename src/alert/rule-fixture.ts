import { atRest, evaluateRule, type Observation, type RuleState, transitionBetween } from './evaluate-rule.ts'
import { type AlertRule, alertRuleSchema, type StateRule, type ThresholdRule } from './rule-schema.ts'

export type Value = Observation['value']

/** For tests: a rule with the fields given. */
export function ruleFrom(fields: object): ThresholdRule | StateRule {
  const rule: AlertRule = alertRuleSchema.parse({ name: 'rule', severity: 'warning', ...fields })
  if (rule.kind === 'no_data') throw new Error('no_data is not judged by readings')
  return rule
}
export const threshold = (fields: object) => ruleFrom({ kind: 'threshold', metric: 'temperature', ...fields })

/** The transitions of a series as `second:kind`. */
export function transitionsOf(
  rule: ThresholdRule | StateRule,
  series: readonly (readonly [second: number, value: Value])[],
) {
  const found: string[] = []
  let state: RuleState = atRest
  for (const [second, value] of series) {
    const next = evaluateRule(rule, state, { at: second * 1000, value })
    const kind = transitionBetween(state, next)
    if (kind) found.push(`${second}:${kind}`)
    state = next
  }
  return found
}
