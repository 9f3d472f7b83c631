import { BakewireError, type Log } from '#core'
import type { AlertChange, AlertChangeStore, ChangeOutcome, StateToSave } from '#store'

/** Changes that wait while the database is away. When there is no room, judging waits: a condition that lasts is found again. */
const changesWaitingMax = 10_000
const statesAtOnce = 1_000

export interface ChangeWriter {
  hasRoom(): boolean
  hasWork(): boolean
  add(change: AlertChange): void
  /** Remembers a state to be saved; a later one of the same rule and machine replaces it. */
  save(state: StateToSave): void
  /** Writes everything in order. Throws UNAVAILABLE when the database is away; what is not written yet is kept. One call at a time. */
  write(): Promise<void>
}

/** Keeps the order of changes per rule and machine, and never lets an older state overwrite a newer one. */
export function createChangeWriter(options: {
  changes: Pick<AlertChangeStore, 'apply' | 'saveStates'>
  log: Log
  onNotifications: (ids: readonly string[]) => void
  /** A change was refused because its rule is another one now. */
  onOutdated: () => void
}): ChangeWriter {
  const { changes, log, onNotifications, onOutdated } = options
  const waiting: AlertChange[] = []
  const states = new Map<string, StateToSave>()

  const settle = ({ equipmentId, ruleId, kind }: AlertChange, { outcome, notificationIds }: ChangeOutcome): void => {
    if (outcome === 'outdated') onOutdated()
    if (outcome === 'fenced')
      log.warn({ equipment_id: equipmentId, rule_id: ruleId, kind }, 'an alert is left to the new holder of the shard')
    if (notificationIds.length > 0) onNotifications(notificationIds)
  }

  return {
    hasRoom: () => waiting.length < changesWaitingMax,
    hasWork: () => waiting.length > 0 || states.size > 0,
    add(change) {
      states.delete(keyOf(change))
      waiting.push(change)
    },
    save: (state) => void states.set(keyOf(state), state),

    async write() {
      for (let change = waiting[0]; change; change = waiting[0]) {
        const { equipmentId, ruleId, kind } = change
        const outcome = await unlessBroken(changes.apply(change), (err) =>
          log.error(
            { err, equipment_id: equipmentId, rule_id: ruleId, kind },
            'an alert could not be written and is dropped',
          ),
        )
        waiting.shift()
        if (outcome) settle(change, outcome)
      }
      while (states.size > 0) {
        const batch = [...states].slice(0, statesAtOnce)
        await unlessBroken(changes.saveStates(batch.map(([, state]) => state)), (err) =>
          log.error({ err, states: batch.length }, 'states of alert rules could not be saved'),
        )
        for (const [key, state] of batch) if (states.get(key) === state) states.delete(key)
      }
    },
  }
}

function keyOf({ equipmentId, ruleId }: { equipmentId: string; ruleId: string }): string {
  return `${equipmentId} ${ruleId}`
}

/** What cannot succeed by waiting must not hold up what comes after it. */
async function unlessBroken<T>(written: Promise<T>, onBroken: (error: unknown) => void): Promise<T | undefined> {
  try {
    return await written
  } catch (error) {
    if (error instanceof BakewireError && error.code === 'UNAVAILABLE') throw error
    onBroken(error)
    return undefined
  }
}
