import { BakewireError } from '#core'

/** Lets a bounded number of tasks run at once, the others wait their turn in order. */
export interface Gate {
  /** Throws OVERLOADED when too many wait already. */
  run<T>(task: () => Promise<T>): Promise<T>
}

export function createGate(atOnce: number, waitingMax: number): Gate {
  let running = 0
  const waiting: (() => void)[] = []
  return {
    async run(task) {
      if (running >= atOnce) {
        if (waiting.length >= waitingMax) {
          throw new BakewireError('OVERLOADED', `more than ${waitingMax} requests wait for this link`)
        }
        await new Promise<void>((resume) => waiting.push(resume))
      } else {
        running += 1
      }
      try {
        return await task()
      } finally {
        const next = waiting.shift()
        if (next) next()
        else running -= 1
      }
    },
  }
}
