import type { Log } from '#core'

export interface WorkLoop {
  /** Does the work; settles when it is done or has failed. Asked while it runs, it runs once more. */
  run(): Promise<void>
}

/** One piece of work at a time. A failure ends the run and is logged when it begins; the next run is the caller's. */
export function createWorkLoop(log: Log, work: () => Promise<void>): WorkLoop {
  let running: Promise<void> | undefined
  let isWanted = false
  let isFailing = false

  const runAll = async (): Promise<void> => {
    try {
      do {
        isWanted = false
        await work()
      } while (isWanted)
      if (isFailing) log.info({}, 'alerts are written again')
      isFailing = false
    } catch (err) {
      if (!isFailing) log.warn({ err }, 'alerts wait until they can be written')
      isFailing = true
    } finally {
      running = undefined
    }
  }

  return {
    run() {
      isWanted = true
      running ??= runAll()
      return running
    },
  }
}
