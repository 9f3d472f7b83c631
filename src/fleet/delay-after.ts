import { type BakewireError, limits } from '#core'
import { retryDelayMs } from '#session'

/**
 * A machine that is away is tried on the retry schedule, whatever its interval, so that it is seen soon after it is back.
 * One that answers, but wrongly or that it is busy, is not asked more often than configured, one that refuses our credentials hardly at all.
 */
export function delayAfter(error: BakewireError, failures: number, intervalMs: number): number {
  if (error.code === 'CREDENTIALS_REJECTED') return limits.credentialsRetryMs
  const delay = Math.max(retryDelayMs(failures), error.retryAfterMs ?? 0)
  const isAway = error.remedy === 'retry' && error.code !== 'DEVICE_BUSY'
  return isAway ? delay : Math.max(delay, intervalMs)
}
