import { setTimeout as sleep } from 'node:timers/promises'
import { type Log, limits } from '#core'

/** A database that does not answer must not hold up the end; what was not looked after the next start finds. */
const stopMs = 1_000

/** Something to be looked after again and again; what it did not get done the next sweep finds. */
export interface SweepTask {
  readonly name: string
  /** Default: every sweep. */
  readonly everyMs?: number
  run(): Promise<void>
}

/** A task that takes long is done less often, so that no look-out takes more than a tenth of anybody's time. */
const restFactor = 9

/**
 * Finds what no doorbell announced, every two seconds, by timers of each process: it goes on while the queue is away. Tasks
 * do not wait for each other; trouble is logged when it begins and when it ends.
 */
export function startSweep(tasks: readonly SweepTask[], log: Log, lookEveryMs: number = limits.sweepIntervalMs) {
  const underWay = new Set<Promise<void>>()

  const repeat = ({ name, everyMs = 0, run }: SweepTask) => {
    let isRunning = false
    let isFailing = false
    let notBefore = 0
    const once = async () => {
      isRunning = true
      const startedAt = performance.now()
      try {
        await run()
        const endedAt = performance.now()
        notBefore = Math.max(startedAt + everyMs, endedAt + restFactor * (endedAt - startedAt))
        if (isFailing) log.info({ task: name }, 'sweep works again')
        isFailing = false
      } catch (error) {
        if (!isFailing) log.warn({ task: name, err: error }, 'sweep failed, goes on trying')
        isFailing = true
      }
      isRunning = false
    }
    return setInterval(() => {
      if (isRunning || performance.now() < notBefore) return
      const task = once().finally(() => underWay.delete(task))
      underWay.add(task)
    }, lookEveryMs)
  }

  const timers = tasks.map(repeat)
  return {
    async stop() {
      for (const timer of timers) clearInterval(timer)
      await Promise.race([Promise.all(underWay), sleep(stopMs, undefined, { ref: false })])
    },
  }
}
