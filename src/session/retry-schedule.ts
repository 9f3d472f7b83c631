import { limits } from '#core'

/**
 * How long to wait after the given number of failures in a row: doubles from `retryDelayMsMin` to `retryDelayMsMax`,
 * shortened by up to a quarter so that machines that failed together do not come back together.
 */
export function retryDelayMs(failures: number, random: () => number = Math.random): number {
  const doubled = limits.retryDelayMsMin * 2 ** Math.min(Math.max(failures, 1) - 1, 30)
  return Math.min(doubled, limits.retryDelayMsMax) * (1 - random() / 4)
}
