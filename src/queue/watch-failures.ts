import type { Log } from '#core'

/** Errors come one per connection and retry: the queue counts as working again when none came for this long. */
const quietMs = 2_000

export interface FailureWatch {
  /** To be told every error met. */
  failed(error: unknown): void
  readonly working: boolean
  stop(): void
}

/** Makes two lines of log out of any number of errors: one when the queue fails, one when it works again. */
export function watchFailures(ping: () => Promise<void>, log: Log): FailureWatch {
  let failures = 0
  let timer: NodeJS.Timeout | undefined
  let stopped = false

  function failed(error: unknown): void {
    if (stopped) return
    failures += 1
    if (failures === 1) log.warn({ err: error }, 'the job queue fails; work goes on, found by the sweep')
    clearTimeout(timer)
    timer = setTimeout(check, quietMs).unref()
  }

  function check(): void {
    ping().then(recovered, failed)
  }

  function recovered(): void {
    if (stopped) return
    log.info({ failures }, 'the job queue works again')
    failures = 0
  }

  return {
    failed,
    get working() {
      return failures === 0
    },
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}
