import { expect, it } from 'vitest'
import { BakewireError, type ErrorCode, limits } from '#core'
import { delayAfter } from './delay-after.ts'

const intervalMs = 300_000

it.each<[string, ErrorCode, number | undefined, number, number]>([
  ['a machine that is away is looked for soon', 'UNREACHABLE', undefined, 0, limits.retryDelayMsMax],
  ['one that does not answer too', 'TIMED_OUT', undefined, 0, limits.retryDelayMsMax],
  ['one that is asked too often is not asked more often for that', 'DEVICE_BUSY', undefined, intervalMs, intervalMs],
  ['nor when it tells a shorter wait', 'DEVICE_BUSY', 1_000, intervalMs, intervalMs],
  ['a longer wait is heeded', 'DEVICE_BUSY', 900_000, 900_000, 900_000],
  ['nor is one that answers wrongly', 'PROTOCOL_VIOLATED', undefined, intervalMs, intervalMs],
  ['refused credentials', 'CREDENTIALS_REJECTED', undefined, limits.credentialsRetryMs, limits.credentialsRetryMs],
])('%s', (_what, code, retryAfterMs, least, most) => {
  const error = new BakewireError(code, 'it said so', retryAfterMs === undefined ? {} : { retryAfterMs })
  for (const failures of [1, 2, 10, 1_000]) {
    expect(delayAfter(error, failures, intervalMs)).toBeGreaterThanOrEqual(least)
    expect(delayAfter(error, failures, intervalMs)).toBeLessThanOrEqual(most)
  }
})
