import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import {
  canRead,
  isRunning,
  kill,
  occupy,
  query,
  sharedFolder,
  spawnOwner,
  startBusyQuery,
  startOwner,
  startServer,
  temporaryFolder,
} from '../../test/setup/embedded-fixture.ts'
import type { EmbeddedPostgres } from './postgres.ts'

const directory = sharedFolder()

describe('a first start', () => {
  test('makes a cluster that is private, durable and reached by loopback only', async () => {
    const said: string[] = []
    const server = await startServer({ directory, log: (line) => said.push(line) })
    expect(said).toEqual(['Creating the embedded PostgreSQL database …'])
    expect(await settingsOf(server)).toMatchObject({
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      fsync: 'on',
      synchronous_commit: 'on',
      data_checksums: 'on',
      server_encoding: 'UTF8',
      TimeZone: 'UTC',
    })
    expect((await stat(join(directory, 'cluster', 'password'))).mode & 0o777).toBe(0o600)
    expect((await stat(join(directory, 'cluster', 'data'))).mode & 0o777).toBe(0o700)
  })

  test('lets nobody in without the password', async () => {
    const server = await startServer({ directory })
    const wrong = new URL(server.url)
    wrong.password = 'guessed'
    await expect(query(wrong.href, 'select 1')).rejects.toThrow(/password authentication failed/)
  })

  test('works in a folder with spaces and letters beyond ASCII, and misses a password that is gone', async () => {
    const directory = join(await temporaryFolder(), 'Bäckerei Süß & Söhne $HOME', 'パン')
    const first = await startServer({ directory })
    await query(first.url, 'create table kept (id int)')
    await first.stop()
    const second = await startServer({ directory })
    expect(await query(second.url, 'select * from kept')).toEqual([])
    await second.stop()
    await rm(join(directory, 'cluster', 'password'))
    await expect(startServer({ directory })).rejects.toThrow(
      `The embedded database's password cannot be read from ${directory}/cluster/password.`,
    )
  })

  test('is not disturbed by one that was killed in its middle', async () => {
    const directory = await temporaryFolder()
    for (const afterMs of [150, 300, 450, 600]) {
      const owner = spawnOwner(directory)
      await sleep(afterMs)
      await kill(owner)
    }
    await mkdir(join(directory, 'cluster-draft-old', 'data'), { recursive: true })
    const server = await startServer({ directory })
    expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }])
    expect((await readdir(directory)).filter((name) => name.startsWith('cluster'))).toEqual(['cluster'])
  })
})

describe('a later start', () => {
  test('keeps data, password and port', async () => {
    const first = await startServer({ directory })
    await query(first.url, 'create table kept as select 42 as answer')
    await first.stop()
    const second = await startServer({ directory })
    expect(second.url).toBe(first.url)
    expect(await query(second.url, 'select * from kept')).toEqual([{ answer: 42 }])
  })

  test('takes another port when its own was taken since', async () => {
    const first = await startServer({ directory })
    await first.stop()
    await occupy(first.port)
    const second = await startServer({ directory })
    expect(second.port).not.toBe(first.port)
  })

  test.each([
    ['of a running program', () => String(process.ppid)],
    ['of nobody', () => '4194300'],
    ['that is none', () => 'garbage'],
  ])('is not stopped by a status file with the pid %s', async (_, pid) => {
    await (await startServer({ directory })).stop()
    const data = join(directory, 'cluster', 'data')
    await writeFile(
      join(data, 'postmaster.pid'),
      `${pid()}\n${data}\n1700000000\n5432\n\n127.0.0.1\n  1  1\nready   \n`,
    )
    const server = await startServer({ directory })
    expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }])
  })
})

describe('an asked port', () => {
  test('is used', async () => {
    const port = await occupy(0, 'and leave')
    expect((await startServer({ directory, port })).port).toBe(port)
  })

  test('that is taken is refused in a sentence, and the folder is free again', async () => {
    const port = await occupy(0)
    await expect(startServer({ directory, port })).rejects.toThrow(
      `Port ${port} of 127.0.0.1 is taken by another program: stop it, or choose another port for the embedded PostgreSQL.`,
    )
    await startServer({ directory })
  })
})

describe('a second instance', () => {
  test('is refused, and the first goes on', async () => {
    const { owner, server } = await startOwner(directory)
    await expect(startServer({ directory })).rejects.toThrow(
      `Another Bakewire (process ${owner.pid}) is using the folder ${directory}. Stop it, or choose another DATA_DIR.`,
    )
    expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }])
  })
})

describe('a start that fails', () => {
  test('quotes what the server said', async () => {
    await expect(startServer({ directory, settings: { shared_buffers: 'plenty' } })).rejects.toThrow(
      /^The embedded PostgreSQL did not start \(exit code 1\):\n.*invalid value for parameter "shared_buffers": "plenty"/s,
    )
    await startServer({ directory })
  })
})

describe('stop', () => {
  test('leaves nothing running, breaks connections, and may be called again', async () => {
    const server = await startServer({ directory })
    const busy = await startBusyQuery(server)
    await Promise.all([server.stop(), server.stop()])
    expect([server.pid, busy].filter(isRunning)).toEqual([])
    expect(await server.exited).toBeUndefined()
    await server.stop()
  })
})

describe.runIf(process.getuid?.() === 0)('as root', () => {
  const nobody = { uid: 65_534, gid: 65_534 }

  test('an ordinary user can do the same, and root can follow in his folder', async ({ skip }) => {
    skip(!(await canRead(nobody, import.meta.filename)), 'the project lies where only root can read it')
    const directory = await temporaryFolder(nobody)
    const users = await startOwner(directory, nobody)
    await query(users.server.url, 'create table kept as select 42 as answer')
    await kill(users.owner)
    const roots = await startServer({ directory })
    expect(await query(roots.url, 'select * from kept')).toEqual([{ answer: 42 }])
    await roots.stop()
    const again = await startOwner(directory, nobody)
    expect(await query(again.server.url, 'select * from kept')).toEqual([{ answer: 42 }])
  })
})

async function settingsOf({ url }: EmbeddedPostgres): Promise<object | undefined> {
  const [row] = await query(url, 'select json_object_agg(name, setting) as settings from pg_settings')
  return row !== undefined && 'settings' in row && row.settings instanceof Object ? row.settings : undefined
}
