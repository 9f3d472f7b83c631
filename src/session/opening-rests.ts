import type { Target } from '#connector'
import { type BakewireError, type Clock, limits } from '#core'
import type { AccountOf } from './account-of.ts'
import { retryDelayMs } from './retry-schedule.ts'

/** How long a link is not dialled after an opening that failed. */
export interface OpeningRests {
  /** Why opening failed, as long as it is not tried again for this machine. */
  failure(target: Target): BakewireError | undefined
  /** What is left of that, 0 when it may be opened; without a machine, of the longest. */
  leftMs(target?: Target): number
  failed(target: Target, error: BakewireError): void
  opened(target: Target): void
  /** Lets the next read dial at once. */
  forget(): void
}

interface Rest {
  /** Monotonic ms. */
  readonly until: number
  readonly error: BakewireError
}

/** A machine that is away is away for all who share its link; credentials that are refused keep out nobody who has others. */
export function createOpeningRests(clock: Clock, accountOf: AccountOf): OpeningRests {
  let failures = 0
  let ofAll: Rest | undefined
  const refused = new Map<string, Rest>()

  const longestOf = (rests: Iterable<Rest | undefined>): Rest | undefined => {
    let longest: Rest | undefined
    for (const rest of rests) if (rest && rest.until > (longest?.until ?? clock.monotonic())) longest = rest
    return longest
  }
  const current = (target?: Target): Rest | undefined =>
    longestOf(target ? [ofAll, refused.get(accountOf(target))] : [ofAll, ...refused.values()])

  return {
    failure: (target) => current(target)?.error,
    leftMs(target) {
      const rest = current(target)
      return rest ? rest.until - clock.monotonic() : 0
    },
    failed(target, error) {
      if (error.code === 'CREDENTIALS_REJECTED') {
        refused.set(accountOf(target), { until: clock.monotonic() + limits.credentialsRetryMs, error })
        return
      }
      failures += 1
      ofAll = { until: clock.monotonic() + retryDelayMs(failures), error }
    },
    opened(target) {
      failures = 0
      ofAll = undefined
      refused.delete(accountOf(target))
    },
    forget() {
      ofAll = undefined
      refused.clear()
    },
  }
}
