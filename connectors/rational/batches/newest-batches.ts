import { BakewireError, type LinkMemory } from '#connector'
import { type Batch, startOf } from './batch.ts'
import { listBatches } from './list-batches.ts'
import type { Api } from './open-api.ts'

/** What is known of the newest batches of an account's units. */
export interface NewestBatches {
  /**
   * The newest batch of the unit with this serial number; undefined where it had none lately. Waits for the API when a unit is
   * asked for the first time; afterwards what it knows is at most one interval old, and is asked for beside the reads. Throws
   * why it knows nothing.
   */
  of(serial: string, signal: AbortSignal): Promise<Batch | undefined>
}

/** After a failure: a cloud that is away is not asked at each poll, and one that refuses locks accounts that are stubborn. */
const failedRestMs = 60_000
const refusedRestMs = 900_000
/** No sensible wait is longer; a clock may have been set back since. */
const dayMs = 86_400_000

interface Schedule {
  readonly everyMs: number
  readonly memory: LinkMemory
  /** Of this client alone, under which a wait that the API has asked for outlives the process. */
  readonly name: string
}

/** Shorter waits are over before a restart is. */
const keptMsMin = 30_000

export function createNewestBatches(api: Api, { everyMs, memory, name }: Schedule): NewestBatches {
  const { clock } = api
  /** Units that were asked for: as many as machines are on the link. */
  const wanted = new Set<string>()
  let known: ReadonlyMap<string, Batch> = new Map()
  let failure: unknown
  let askAgainAt = 0
  let underWay: Promise<void> | undefined

  let isRecalled = false

  /** Ms; undefined where it was told nothing of that kind. */
  const waitToldBefore = async (): Promise<number | undefined> => {
    if (isRecalled) return undefined
    const until = await memory.recall(name)
    isRecalled = true
    const waitMs = typeof until === 'number' ? Math.min(until - clock.now(), dayMs) : 0
    return waitMs > 0 ? waitMs : undefined
  }

  const ask = async (): Promise<void> => {
    try {
      const retryAfterMs = await waitToldBefore()
      if (retryAfterMs !== undefined) {
        throw new BakewireError('DEVICE_BUSY', 'the API has asked to be left alone for a while', { retryAfterMs })
      }
      const batches = await api.ask((link, asked) =>
        listBatches(link, { ...asked, isEnough: (some) => hasAll(newestBySerial(some, clock.now()), wanted) }),
      )
      known = newestBySerial(batches, clock.now())
      failure = undefined
      askAgainAt = clock.monotonic() + everyMs
    } catch (error) {
      failure = error
      askAgainAt = clock.monotonic() + restMs(error)
      const waitMs = error instanceof BakewireError ? (error.retryAfterMs ?? 0) : 0
      if (waitMs >= keptMsMin) await memory.remember(name, clock.now() + waitMs)
    } finally {
      underWay = undefined
    }
  }

  return {
    async of(serial, signal) {
      const key = keyOf(serial)
      const isFirst = !wanted.has(key)
      wanted.add(key)
      const isMissing = isFirst && !known.has(key)
      if (clock.monotonic() >= askAgainAt || (isMissing && failure === undefined)) underWay ??= ask()
      if (isMissing && underWay) await unlessAborted(underWay, signal)
      if (failure !== undefined) throw failure
      return known.get(key)
    },
  }
}

function newestBySerial(batches: readonly Batch[], now: number): ReadonlyMap<string, Batch> {
  const newest = new Map<string, Batch>()
  for (const batch of batches) {
    const { deviceSerialNumber: serial } = batch
    if (typeof serial !== 'string') continue
    const known = newest.get(keyOf(serial))
    if (!known || (startOf(batch, now) ?? 0) > (startOf(known, now) ?? 0)) newest.set(keyOf(serial), batch)
  }
  return newest
}

function hasAll(batches: ReadonlyMap<string, Batch>, serials: ReadonlySet<string>): boolean {
  return [...serials].every((serial) => batches.has(serial))
}

function keyOf(serial: string): string {
  return serial.trim().toUpperCase()
}

function restMs(error: unknown): number {
  if (!(error instanceof BakewireError)) return failedRestMs
  if (error.code === 'CREDENTIALS_REJECTED') return refusedRestMs
  return Math.max(failedRestMs, error.retryAfterMs ?? 0)
}

/** Resolves with the work, or ends with the signal; the work goes on. */
function unlessAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason)
    if (signal.aborted) onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}
