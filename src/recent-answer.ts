import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Asks one thing at a time, and not again while the last answer is fresh, whoever and however often it is wanted. Gives
 * `undefined` when asking fails or takes longer than `patienceMs`; what comes later is there for the next.
 */
export function recentAnswer<T>(
  ask: () => Promise<T>,
  { freshMs, patienceMs }: { readonly freshMs: number; readonly patienceMs: number },
): () => Promise<T | undefined> {
  let last: { readonly answer: T | undefined; readonly at: number } | undefined
  let asking: Promise<T | undefined> | undefined
  const askOnce = async () => {
    const answer = await ask().catch(() => undefined)
    last = { answer, at: performance.now() }
    asking = undefined
    return answer
  }
  return () => {
    if (last && performance.now() - last.at < freshMs) return Promise.resolve(last.answer)
    asking ??= askOnce()
    return Promise.race([asking, sleep(patienceMs, undefined, { ref: false })])
  }
}
