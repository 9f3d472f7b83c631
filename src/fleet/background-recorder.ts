import { setTimeout as sleep } from 'node:timers/promises'
import { BakewireError, type Log } from '#core'

/** Writes what happened to machines in the background: polling never waits for the database, and nothing is lost while it is away. */
export interface BackgroundRecorder<Event> {
  record(event: Event): void
  /** Writes what waits, once; gives up within a second when the database is away. */
  stop(): Promise<void>
}

const flushIntervalMs = 250
const perFlush = 200
/** Beyond this many only the newest of each machine stays: it tells how the machine stands. */
const waitingMax = 10_000
/** The status is told anew by whoever polls the machine next. */
const stopMs = 1_000

/** `what`: the events, in the words of the log. `write` throws VALUE_INVALID when one of a batch can never be written. */
export function createBackgroundRecorder<Event extends { readonly equipmentId: string }>(
  what: string,
  write: (batch: readonly Event[]) => Promise<void>,
  log: Log,
): BackgroundRecorder<Event> {
  const waiting: Event[] = []
  let dropped = 0
  let roomFor = waitingMax
  let atOnce = perFlush
  let flushing: Promise<void> | undefined
  let failing = false

  const flush = async () => {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, atOnce)
      try {
        await write(batch)
        atOnce = perFlush
      } catch (error) {
        if (error instanceof BakewireError && error.code === 'VALUE_INVALID') {
          atOnce = isolate(batch, error)
          continue
        }
        if (!failing) log.warn({ err: error, waiting: waiting.length, dropped }, `${what} cannot be stored now`)
        failing = true
        return
      }
      if (failing) log.info({ dropped }, `${what} are stored again`)
      failing = false
      waiting.splice(0, batch.length)
    }
  }

  /** One that is refused for good must not hold up the others: halves until it stands alone, and gives it up. */
  const isolate = ([first, ...others]: readonly Event[], error: BakewireError): number => {
    if (others.length > 0) return Math.ceil(others.length / 2)
    waiting.shift()
    log.error({ err: error, equipment_id: first?.equipmentId }, `one of the ${what} is refused and given up`)
    return perFlush
  }

  /** The first ones may be under way and must not shift below their writer. */
  const thinOut = () => {
    const newest = new Map<string, Event>()
    for (const event of waiting.slice(perFlush)) {
      newest.delete(event.equipmentId)
      newest.set(event.equipmentId, event)
    }
    dropped += waiting.length - perFlush - newest.size
    waiting.splice(perFlush, waiting.length, ...newest.values())
    // With very many machines there is little to thin out, and no use in trying at every event.
    roomFor = Math.max(waitingMax, 2 * waiting.length)
  }

  const start = () => {
    flushing ??= flush().finally(() => {
      flushing = undefined
    })
    return flushing
  }

  const timer = setInterval(() => void start(), flushIntervalMs)
  return {
    record(event) {
      waiting.push(event)
      if (waiting.length > roomFor) thinOut()
    },
    async stop() {
      clearInterval(timer)
      const written = Promise.resolve(flushing).then(start)
      await Promise.race([written, sleep(stopMs, undefined, { ref: false })])
    },
  }
}
