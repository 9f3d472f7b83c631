import type { StateRule, ThresholdRule } from './rule-schema.ts'

/** Which limit was crossed. */
export type Side = 'above' | 'below'

/**
 * Where a rule stands for one machine. It follows the condition alone: somebody who resolves the alert while the condition
 * lasts changes nothing here, so that only a condition that has ended and come back raises again.
 */
export type RuleState =
  | { readonly phase: 'rest' }
  | {
      /** `waiting`: the condition holds, its delay runs. `firing`: it has held long enough. */
      readonly phase: 'waiting' | 'firing'
      /** When the condition began, ms since 1970. */
      readonly since: number
      /** `null` where the rule has no limits. */
      readonly side: Side | null
    }

export const atRest: RuleState = { phase: 'rest' }

/** One value at one time (ms since 1970, the reading's). A timer observes the last value again. */
export interface Observation {
  readonly at: number
  readonly value: number | string | boolean
}

/** What a value says about the condition. Between the limit and its hysteresis it says nothing new. */
type Verdict = { readonly holds: true; readonly side: Side | null } | { readonly holds: false } | undefined

const over: Verdict = { holds: false }
const above: Verdict = { holds: true, side: 'above' }
const below: Verdict = { holds: true, side: 'below' }
const matches: Verdict = { holds: true, side: null }

/** The state after an observation; the same object when nothing changed. What is older than the state is ignored. */
export function evaluateRule(rule: ThresholdRule | StateRule, state: RuleState, { at, value }: Observation): RuleState {
  if (state.phase !== 'rest' && at < state.since) return state
  const verdict = rule.kind === 'state' ? judgeWord(rule, value) : judgeNumber(rule, state, value)
  if (verdict === undefined) return state
  if (!verdict.holds) return state.phase === 'rest' ? state : atRest
  const { side } = verdict
  if (state.phase === 'firing') return state.side === side ? state : { ...state, side }
  const since = state.phase === 'rest' ? at : state.since
  if (at - since >= rule.for_seconds * 1000) return { phase: 'firing', since, side }
  return state.phase === 'waiting' && state.side === side ? state : { phase: 'waiting', since, side }
}

/** What the change from one state to the next does to the alert. */
export function transitionBetween(before: RuleState, after: RuleState): 'raised' | 'resolved' | undefined {
  if (before.phase !== 'firing' && after.phase === 'firing') return 'raised'
  if (before.phase === 'firing' && after.phase === 'rest') return 'resolved'
  return undefined
}

function judgeWord(rule: StateRule, value: Observation['value']): Verdict {
  return String(value) === rule.equals ? matches : over
}

function judgeNumber(rule: ThresholdRule, state: RuleState, value: Observation['value']): Verdict {
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined
  if (rule.above !== undefined && value > rule.above) return above
  if (rule.below !== undefined && value < rule.below) return below
  if (state.phase === 'rest') return over
  const isBack =
    state.side === 'above'
      ? rule.above === undefined || value <= rule.above - rule.hysteresis
      : rule.below === undefined || value >= rule.below + rule.hysteresis
  return isBack ? over : undefined
}
