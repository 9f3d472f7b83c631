import { type Log, limits } from '#core'
import type { AlertLinks } from '#link'
import type { AlertStore, LiveStore, ReadingKey } from '#store'
import { inTurns } from './in-turns.ts'
import { alertEvent, type LiveEvent, readingEvent, statusEvent } from './live-event.ts'

export interface NewsOptions {
  readonly live: LiveStore
  readonly alerts: Pick<AlertStore, 'get'>
  readonly links: AlertLinks
  readonly log: Log
  readonly isAnybodyThere: () => boolean
  /** Whether anybody would hear of this machine. */
  readonly isWanted: (equipmentId: string) => boolean
  /** Tells of events, in small steps. */
  readonly tell: (events: Iterable<LiveEvent>) => Iterable<void>
  readonly onGone: (equipmentId: string) => void
  /** Something may have been written that no event will tell of. */
  readonly onMissed: () => void
}

/** Listens to what is announced and reads it: one query of a kind at a time, for all that was announced meanwhile. */
export async function readNews({ live, alerts, links, log, ...options }: NewsOptions): Promise<void> {
  const { isAnybodyThere, isWanted, tell, onGone, onMissed } = options
  let keys: ReadingKey[] = []
  let changed = new Set<string>()
  let transitions: { transition: number; alertId: string }[] = []
  let isReading = false

  const readAll = async (): Promise<void> => {
    while (keys.length + changed.size + transitions.length > 0) {
      const wanted = keys.splice(0, limits.streamReadingsAtOnce)
      const [ids, told] = [[...changed], transitions]
      changed = new Set()
      transitions = []
      const readings = wanted.length === 0 ? [] : await live.readings(wanted)
      await inTurns(tell(readings.values().map(readingEvent)))
      const statuses = ids.length === 0 ? [] : await live.statuses(ids)
      await inTurns(tell(statuses.values().map(statusEvent)))
      for (const id of ids) if (!statuses.some((status) => status.equipment_id === id)) onGone(id)
      for (const { transition, alertId } of told) {
        const alert = await alerts.get(alertId)
        if (alert) await inTurns(tell([alertEvent(alert, transition, links)]))
      }
    }
  }

  const forget = () => {
    keys = []
    changed.clear()
    transitions = []
    onMissed()
  }

  const start = () => {
    if (keys.length + changed.size + transitions.length > limits.streamNewsMax) {
      log.warn({}, 'more is written than streams can tell: they are ended, to be taken up again')
      forget()
    }
    if (isReading) return
    isReading = true
    void readAll()
      .catch((err: unknown) => {
        log.warn({ err }, 'what was written cannot be read: streams are ended, to be taken up again')
        forget()
      })
      .finally(() => {
        isReading = false
      })
  }

  await live.listen({
    readings: (announced) => {
      if (!isAnybodyThere()) return
      const wanted = announced().filter(({ equipmentId }) => isWanted(equipmentId))
      if (wanted.length === 0) return
      keys.push(...wanted)
      start()
    },
    status: (equipmentId) => {
      if (!isWanted(equipmentId)) return
      changed.add(equipmentId)
      start()
    },
    alert: (transition, alertId) => {
      transitions.push({ transition, alertId })
      start()
    },
    unheard: onMissed,
  })
}
