import type { Reading } from '#core'
import type { StoredConditionState } from '#store'
import type { Step } from './change-of.ts'
import { evaluateRule, type Observation, type RuleState } from './evaluate-rule.ts'
import { elapsedObservation, type JudgedRule, judgedRules, restoreStates } from './judged-rule.ts'
import { createRuleCatalogue, type RuleCatalogue } from './rule-catalogue.ts'
import type { WatchedEquipment } from './watched-equipment.ts'

/** A machine with its rules. */
export interface Watch {
  equipment: WatchedEquipment
  judged: readonly JudgedRule[]
  /** Time of the newest reading that was judged; what is older is ignored. */
  newestAt: number
  /** Readings that wait for the persisted states; `undefined` once those are restored. */
  held: Reading[] | undefined
}

/** Readings of one machine that wait for its states: a minute of polling each second. Beyond it the oldest go. */
const readingsHeldMax = 60

/** Readings come in order: one that is so much older than the last was taken by a clock that has been set back. */
const clockStepMs = 60_000

export type WatchList = ReturnType<typeof createWatchList>

/** The machines that this worker judges, their rules and where these stand. No I/O; `onStep` refuses a step by `false`, which is then tried again with the next value. */
export function createWatchList(onStep: (step: Step) => boolean) {
  const watches = new Map<string, Watch>()
  const unrestored = new Set<Watch>()
  let catalogue = createRuleCatalogue([])

  const observe = ({ equipment }: Watch, judged: JudgedRule, observation: Observation): void => {
    const before = judged.state
    const after = evaluateRule(judged.rule, before, observation)
    if (after === before) return
    if (onStep({ rule: judged.rule, equipment, before, after, observation })) judged.state = after
  }

  const judge = (watch: Watch, reading: Reading): void => {
    const at = reading.readingTime
    if (at < watch.newestAt && watch.newestAt - at < clockStepMs) return
    watch.newestAt = at
    for (const judged of watch.judged) judged.state = notAfter(judged.state, at)
    for (const judged of watch.judged) {
      const value = judged.read(reading)
      if (value === undefined) continue
      judged.last = { at, value }
      observe(watch, judged, judged.last)
    }
  }

  return {
    watch(equipment: WatchedEquipment): void {
      const before = watches.get(equipment.id)
      const rules = catalogue.rulesFor(equipment)
      if (before && isSameLease(before.equipment, equipment)) {
        before.equipment = equipment
        before.judged = judgedRules(rules, before.judged)
        return
      }
      if (before) unrestored.delete(before)
      const newestAt = before?.newestAt ?? Number.NEGATIVE_INFINITY
      const watch: Watch = { equipment, judged: judgedRules(rules, []), newestAt, held: [] }
      watches.set(equipment.id, watch)
      unrestored.add(watch)
    },

    forget(equipmentId: string): void {
      const watch = watches.get(equipmentId)
      if (watch) unrestored.delete(watch)
      watches.delete(equipmentId)
    },

    take(readings: readonly Reading[]): void {
      for (const reading of readings) {
        const watch = watches.get(reading.equipmentId)
        if (watch === undefined) continue
        if (watch.held === undefined) judge(watch, reading)
        else if (watch.held.push(reading) > readingsHeldMax) watch.held.shift()
      }
    },

    /** Delays that have elapsed without a reading. */
    elapse(now: number): void {
      for (const watch of watches.values()) {
        for (const judged of watch.judged) {
          const elapsed = elapsedObservation(judged, watch.equipment, now)
          if (elapsed) observe(watch, judged, elapsed)
        }
      }
    },

    useRules(next: RuleCatalogue): void {
      catalogue = next
      for (const watch of watches.values()) watch.judged = judgedRules(next.rulesFor(watch.equipment), watch.judged)
    },

    /** Machines whose persisted states are to be restored: nothing of theirs is judged before. */
    unrestored: (atMost: number): Watch[] => [...unrestored].slice(0, atMost),

    restore(restored: readonly Watch[], rows: readonly StoredConditionState[]): void {
      const byEquipment = Map.groupBy(rows, (row) => row.equipment_id)
      for (const watch of restored) {
        if (!unrestored.delete(watch)) continue
        restoreStates(watch.judged, byEquipment.get(watch.equipment.id) ?? [])
        const held = watch.held ?? []
        watch.held = undefined
        for (const reading of held) judge(watch, reading)
      }
    },
  }
}

function isSameLease(one: WatchedEquipment, other: WatchedEquipment): boolean {
  return one.shard === other.shard && one.epoch === other.epoch
}

/** What began by a clock that was ahead has begun now at the latest. */
function notAfter(state: RuleState, at: number): RuleState {
  return state.phase !== 'rest' && state.since > at ? { ...state, since: at } : state
}
