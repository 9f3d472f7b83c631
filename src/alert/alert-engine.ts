import { type Clock, isBackfilled, type Log, type Reading } from '#core'
import type { AlertChangeStore, AlertRuleStore } from '#store'
import { changeOf, stateOf } from './change-of.ts'
import { createChangeWriter } from './change-writer.ts'
import { createRuleCatalogue, readingRuleOf } from './rule-catalogue.ts'
import { createWatchList } from './watch-list.ts'
import type { WatchedEquipment } from './watched-equipment.ts'
import { createWorkLoop } from './work-loop.ts'

export interface AlertEngine {
  /** A machine was taken, or has changed (the same id again). */
  watch(equipment: WatchedEquipment): void
  forget(equipmentId: string): void
  readingsAccepted(readings: readonly Reading[]): void
  /** Rules were written: they are read again. */
  rulesChanged(): void
  /** Delays that elapse without a reading, and what waited for the database. Every second. */
  tick(): void
  /** Settles when everything is written, or when the database refuses it. */
  idle(): Promise<void>
}

export interface AlertEngineOptions {
  readonly rules: Pick<AlertRuleStore, 'inForce'>
  readonly changes: AlertChangeStore
  readonly clock: Pick<Clock, 'now'>
  readonly log: Log
  /** Hears what went into the outbox, after each commit. */
  readonly onNotifications: (ids: readonly string[]) => void
}

const restoredAtOnce = 500

/** Judges the readings of the machines that this worker polls. Judging is synchronous; one loop does all I/O, in order. */
export function createAlertEngine({ rules, changes, clock, log, onNotifications }: AlertEngineOptions): AlertEngine {
  let rulesAreStale = true
  const onOutdated = () => {
    rulesAreStale = true
  }
  const writer = createChangeWriter({ changes, log, onNotifications, onOutdated })

  const list = createWatchList((step) => {
    const change = changeOf(step)
    if (change === undefined) {
      writer.save(stateOf(step))
      return true
    }
    if (!writer.hasRoom()) return false
    writer.add(change)
    void loop.run()
    return true
  })

  const loadRules = async (): Promise<void> => {
    const rows = await rules.inForce()
    list.useRules(createRuleCatalogue(rows.flatMap((row) => readingRuleOf(row, log) ?? [])))
  }

  const restore = async (): Promise<void> => {
    for (let batch = list.unrestored(restoredAtOnce); batch.length > 0; batch = list.unrestored(restoredAtOnce)) {
      list.restore(batch, await changes.statesOf(batch.map(({ equipment }) => equipment.id)))
    }
  }

  const loop = createWorkLoop(log, async () => {
    if (rulesAreStale) {
      rulesAreStale = false
      await loadRules().catch((error: unknown) => {
        rulesAreStale = true
        throw error
      })
    }
    // Written before restored: what is in the database must not be older than what was here.
    await writer.write()
    await restore()
  })

  return {
    watch(equipment) {
      list.watch(equipment)
      void loop.run()
    },
    forget: (equipmentId) => list.forget(equipmentId),
    readingsAccepted: (readings) => list.take(readings.filter((reading) => !isBackfilled(reading))),
    rulesChanged() {
      rulesAreStale = true
      void loop.run()
    },
    tick() {
      list.elapse(clock.now())
      if (rulesAreStale || writer.hasWork() || list.unrestored(1).length > 0) void loop.run()
    },
    idle: () => loop.run(),
  }
}
