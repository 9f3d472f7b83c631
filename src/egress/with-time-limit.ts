import { BakewireError } from '#core'

/**
 * Runs `work` with a signal that fires when `signal` does, with its reason, or after `limitMs`, with TIMED_OUT and
 * `message`. Work must end by throwing the reason. Nothing is left behind when it ends, which `AbortSignal.timeout` would:
 * a timer for the rest of the time.
 */
export async function withTimeLimit<T>(
  signal: AbortSignal,
  limitMs: number,
  message: string,
  work: (limited: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted()
  const limited = new AbortController()
  const follow = () => limited.abort(signal.reason)
  const timer = setTimeout(() => limited.abort(new BakewireError('TIMED_OUT', message)), limitMs)
  signal.addEventListener('abort', follow, { once: true })
  try {
    return await work(limited.signal)
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', follow)
  }
}

/** `10 s`, `0.4 s`: a time limit as messages tell it. */
export function secondsText(durationMs: number): string {
  return `${Math.round(durationMs / 100) / 10} s`
}
