import { execFileSync } from 'node:child_process'
import { readFileSync, renameSync, rmSync } from 'node:fs'
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
  /** Makes a copy of all that it holds, while it rests for a moment; `prepare` is given a server on the copy. */
  backUp(prepare: (url: string) => Promise<void>): Promise<void>
  /** Puts back what was copied. */
  restore(): Promise<void>
  stop(): Promise<void>
}

export async function startOwnPostgres(): Promise<OwnPostgres> {
  const directory = await mkdtemp(join(tmpdir(), 'bakewire-postgres-'))
  const backup = `${directory}-backup`
  const start = (port?: number, from = directory) =>
    startEmbeddedPostgres({
      directory: from,
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
    async backUp(prepare) {
      await server.stop()
      // With the owners of the files.
      execFileSync('cp', ['-a', directory, backup])
      server = await start(port)
      const copy = await start(undefined, backup)
      await prepare(copy.url)
      await copy.stop()
    },
    async restore() {
      await server.stop()
      rmSync(directory, { recursive: true })
      renameSync(backup, directory)
      server = await start(port)
    },
    async stop() {
      await server.stop()
      for (const folder of [directory, backup]) rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}
