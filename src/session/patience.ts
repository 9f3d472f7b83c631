import { BakewireError } from '#core'

/** What a connector may still take to let go of what was ended: an opening, a request, a link. */
export const lettingGoMs = 1_000

interface GivingUp<T> {
  /** Called when the work went on although it was ended. */
  givenUp?(): void
  /** Gets what comes afterwards. */
  late?(result: T): void
}

/** A connector that does not heed the end of its work must not hold its link for ever. */
export function untilGivenUp<T>(work: Promise<T>, signal: AbortSignal, then: GivingUp<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    let isGivenUp = false
    let grace: NodeJS.Timeout | undefined
    const giveUp = () => {
      isGivenUp = true
      then.givenUp?.()
      reject(signal.reason)
    }
    const onEnded = () => {
      grace = setTimeout(giveUp, lettingGoMs)
    }
    if (signal.aborted) onEnded()
    signal.addEventListener('abort', onEnded, { once: true })
    void work
      .then((result) => (isGivenUp ? then.late?.(result) : resolve(result)), reject)
      .finally(() => {
        clearTimeout(grace)
        signal.removeEventListener('abort', onEnded)
      })
  })
}

/** A connector that never settles must not hold its link for ever. */
export function withPatience<T>(work: Promise<T>, patienceMs: number, giveUp: () => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      giveUp()
      reject(new BakewireError('TIMED_OUT', 'the read did not end and was given up'))
    }, patienceMs)
    work.then(
      (result) => {
        clearTimeout(timer)
        resolve(result)
      },
      (error) => {
        clearTimeout(timer)
        reject(error)
      },
    )
  })
}
