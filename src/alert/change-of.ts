import type { AlertChange, StateToSave } from '#store'
import { alertTypeOf } from './alert-type.ts'
import { describeRaised, describeResolved, thresholdOf } from './describe-alert.ts'
import { type Observation, type RuleState, transitionBetween } from './evaluate-rule.ts'
import type { ReadingRule } from './rule-catalogue.ts'
import type { WatchedEquipment } from './watched-equipment.ts'

/** A step of a rule on a machine: from one state to the next, by an observation. */
export interface Step {
  readonly rule: ReadingRule
  readonly equipment: WatchedEquipment
  readonly before: RuleState
  readonly after: RuleState
  readonly observation: Observation
}

/** What a step changes of an alert; nothing when it only begins, or drops, a delay. */
export function changeOf({ rule, equipment, before, after, observation }: Step): AlertChange | undefined {
  const kind = transitionBetween(before, after)
  const state = kind === 'raised' ? after : before
  if (kind === undefined || state.phase === 'rest') return undefined
  const { phase, since, side } = state
  const value = typeof observation.value === 'boolean' ? String(observation.value) : observation.value
  const moment = { rule, equipmentName: equipment.name, value, side, heldMs: observation.at - since }
  const change = {
    equipmentId: equipment.id,
    ruleId: rule.id,
    ruleRevision: rule.revision,
    at: new Date(observation.at),
    value,
    threshold: thresholdOf(rule),
    severity: rule.severity,
    fence: { shard: equipment.shard, epoch: equipment.epoch },
  }
  if (kind === 'resolved') return { ...change, kind, texts: describeResolved(moment) }
  const type = alertTypeOf(rule)
  const stored = { phase, since: new Date(since), side }
  return { ...change, kind, type, metric: rule.metric, texts: describeRaised(moment), state: stored }
}

/** What a step leaves to be remembered across a restart. */
export function stateOf({ rule, equipment, after }: Step): StateToSave {
  return {
    equipmentId: equipment.id,
    ruleId: rule.id,
    ruleRevision: rule.revision,
    fence: { shard: equipment.shard, epoch: equipment.epoch },
    state: after.phase === 'rest' ? null : { ...after, since: new Date(after.since) },
  }
}
