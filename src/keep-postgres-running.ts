import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '#core'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#embedded'

/** One that dies again and again is started at this pace: slow enough for the disk and the log, soon enough for the spool. */
const restartDelayMsMin = 1_000
const restartDelayMsMax = 30_000
/** Who ran for so long did not die of its start. */
const provenMs = 60_000

/**
 * The embedded database, started again at the same address whenever it ends by itself: nobody else would do that on a
 * machine in a bakery. Rejects when its first start fails.
 */
export async function keepPostgresRunning(
  directory: string,
  log: Log,
): Promise<Pick<EmbeddedPostgres, 'url' | 'stop'> & { readonly pid: number }> {
  const start = (port?: number) =>
    startEmbeddedPostgres({
      directory,
      log: (line) => log.info({}, line),
      ...(port === undefined ? {} : { port }),
    })
  const stopping = new AbortController()
  const pause = (delayMs: number) => sleep(delayMs, undefined, { signal: stopping.signal }).catch(() => undefined)
  let server = await start()
  const { url, port } = server

  /** Starts it until it runs, or until it is to stop; both are told. */
  const startAgain = async (failures: number): Promise<void> => {
    for (let attempt = failures; !stopping.signal.aborted; attempt += 1) {
      await pause(Math.min(restartDelayMsMin * 2 ** Math.min(attempt, 10), restartDelayMsMax))
      if (stopping.signal.aborted) return
      try {
        server = await start(port)
        return log.info({}, 'the embedded database runs again')
      } catch (error) {
        log.error({ err: error }, 'the embedded database could not be started again; goes on trying')
      }
    }
  }

  const watch = async (): Promise<void> => {
    let failures = 0
    for (;;) {
      const startedAt = performance.now()
      const error = await server.exited
      if (stopping.signal.aborted || error === undefined) return
      log.error({ err: error }, 'the embedded database ended by itself and is started again; readings wait meanwhile')
      failures = performance.now() - startedAt < provenMs ? failures + 1 : 0
      await startAgain(failures)
    }
  }
  const watched = watch()

  return {
    url,
    get pid() {
      return server.pid
    },
    async stop() {
      stopping.abort()
      await server.stop()
      // It may just have been about to start.
      await watched
      await server.stop()
    },
  }
}
