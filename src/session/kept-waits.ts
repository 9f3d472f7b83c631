import type { LinkMemory, Target } from '#connector'
import { BakewireError, type Clock, type ErrorCode, errorTable, type Log, limits } from '#core'
import type { AccountOf } from './account-of.ts'

/** The times before which a link may not be asked again, because the machine or the cloud said so. */
export interface KeptWaits {
  /** Whether it is known that no machine of the link wants to be left alone. */
  areNone(): boolean
  /** Throws what was thrown when the wait began, with what is left of it. */
  refuseEarly(target: Target): Promise<void>
  /** Keeps the wait that an error asks for, where it is long enough to outlive a restart. */
  keep(target: Target, error: BakewireError): Promise<void>
}

interface Wait {
  readonly code: ErrorCode
  readonly message: string
  /** Ms since 1970: what another process can understand. */
  readonly until: number
}

interface Running extends Wait {
  /** Monotonic ms: a wall clock that is set anew changes no wait of this process. */
  readonly endsAt: number
}

const name = 'session.waits'
/** Parsers of `Retry-After` bound it to a day, so a longer rest is a clock that was set back. */
const waitMsMax = 86_400_000
/** Of a message: `limits.waitsPerLink` of these fit into what a link remembers. */
const messageLengthMax = 400

/**
 * A wait is for every machine of the link that logs in with the same credentials under the same link settings: that is the
 * account that asked too often. Other credentials, or a quota that is set anew, are another matter.
 */
export function createKeptWaits(options: {
  readonly accountOf: AccountOf
  readonly memory: LinkMemory
  readonly clock: Clock
  readonly log: Log
}): KeptWaits {
  const { accountOf, memory, clock, log } = options
  const waits = new Map<string, Running>()
  let isRecalled = false

  /** Until it has succeeded nothing is remembered: that would replace the waits of other accounts. */
  const recall = async (): Promise<void> => {
    if (isRecalled) return
    try {
      const kept = Object.entries((await memory.recall(name)) ?? {}).filter(isKept)
      const begunMeanwhile = [...waits]
      for (const [account, wait] of kept) waits.set(account, running(wait, clock))
      for (const [account, wait] of begunMeanwhile) waits.set(account, wait)
      isRecalled = true
      if (begunMeanwhile.length > 0) await remember()
    } catch (error) {
      // Asking too early does less harm than not reading at all.
      log.debug({ err: error }, 'not known whether the machine wants to be left alone')
    }
  }

  const remember = async (): Promise<void> => {
    const lasting = [...waits].map(([account, { endsAt: _, ...wait }]) => [account, wait])
    try {
      await memory.remember(name, Object.fromEntries(lasting))
    } catch (error) {
      // It holds in this process all the same, and whoever asks is owed the machine's own answer.
      log.warn({ err: error }, 'how long the machine wants to be left alone is forgotten at the next start')
    }
  }

  return {
    areNone: () => isRecalled && waits.size === 0,
    async refuseEarly(target) {
      await recall()
      const wait = waits.get(accountOf(target))
      const retryAfterMs = wait ? wait.endsAt - clock.monotonic() : 0
      if (!wait || retryAfterMs <= 0) return
      const until = new Date(clock.now() + retryAfterMs).toISOString()
      throw new BakewireError(wait.code, `${wait.message}; it is not asked again before ${until}`, { retryAfterMs })
    },
    async keep(target, { code, message, retryAfterMs = 0 }) {
      if (retryAfterMs < limits.waitKeptMsMin) return
      await recall()
      const account = accountOf(target)
      const wait = { code, message: message.slice(0, messageLengthMax), until: clock.now() + retryAfterMs }
      // Set anew, not in its old place: the first ones are given up when there are too many.
      waits.delete(account)
      waits.set(account, running(wait, clock))
      for (const [other, { endsAt }] of waits) {
        if (endsAt <= clock.monotonic() || waits.size > limits.waitsPerLink) waits.delete(other)
      }
      if (isRecalled) await remember()
    },
  }
}

function running(wait: Wait, clock: Clock): Running {
  const leftMs = Math.min(wait.until - clock.now(), waitMsMax)
  return { ...wait, endsAt: clock.monotonic() + leftMs }
}

function isKept(entry: [string, unknown]): entry is [string, Wait] {
  const [, wait] = entry
  if (typeof wait !== 'object' || wait === null) return false
  if (!('code' in wait && 'message' in wait && 'until' in wait)) return false
  const { code, message, until } = wait
  return (
    typeof code === 'string' && Object.hasOwn(errorTable, code) && typeof message === 'string' && Number.isFinite(until)
  )
}
