import { readFileSync, rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#embedded'

/** A PostgreSQL of a test's own, as durable as one in earnest, to which everything can happen. */
export interface OwnPostgres {
  /** Of its superuser; the same after each start. */
  readonly url: string
  /** Signals the server and all its backends. */
  signal(name: NodeJS.Signals): void
  /** Ends it in order. */
  end(): Promise<void>
  /** Ends it as a power cut does. */
  kill(): Promise<void>
  startAgain(): Promise<void>
  stop(): Promise<void>
}

export async function startOwnPostgres(): Promise<OwnPostgres> {
  const directory = await mkdtemp(join(tmpdir(), 'bakewire-postgres-'))
  const start = (port?: number) =>
    startEmbeddedPostgres({
      directory,
      ...(port === undefined ? {} : { port }),
      settings: { max_connections: '100' },
      log: () => undefined,
    })
  let server: EmbeddedPostgres = await start()
  const { url, port } = server
  const signal = (name: NodeJS.Signals) => {
    const [pid = ''] = readFileSync(join(directory, 'cluster/data/postmaster.pid'), 'utf8').split('\n')
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')
    for (const one of [pid, ...children]) process.kill(Number(one), name)
  }
  return {
    url,
    signal,
    end: () => server.stop(),
    async kill() {
      signal('SIGKILL')
      await server.exited
    },
    async startAgain() {
      server = await start(port)
    },
    async stop() {
      await server.stop()
      rmSync(directory, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}
