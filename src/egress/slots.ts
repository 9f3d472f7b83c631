import { BakewireError } from '#core'

export interface Slots {
  /** Runs `work` as soon as a slot is free, in order of arrival. Rejects with the signal's reason when it aborts before that, and with OVERLOADED when the queue is full. */
  run<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T>
}

/** At most `count` works at once, at most `waitingMax` behind them. */
export function createSlots(count: number, waitingMax: number): Slots {
  let free = count
  const waiting = new Set<() => void>()

  function take(signal: AbortSignal): Promise<void> | undefined {
    signal.throwIfAborted()
    if (free > 0) {
      free -= 1
      return undefined
    }
    if (waiting.size >= waitingMax) {
      throw new BakewireError('OVERLOADED', `${waitingMax} connections are waiting to be made already`)
    }
    return new Promise((resolve, reject) => {
      const enter = () => {
        signal.removeEventListener('abort', leave)
        resolve()
      }
      const leave = () => {
        waiting.delete(enter)
        reject(signal.reason)
      }
      signal.addEventListener('abort', leave, { once: true })
      waiting.add(enter)
    })
  }

  function give(): void {
    const [next] = waiting
    if (!next) {
      free += 1
      return
    }
    waiting.delete(next)
    next()
  }

  return {
    async run(signal, work) {
      await take(signal)
      try {
        return await work()
      } finally {
        give()
      }
    },
  }
}
