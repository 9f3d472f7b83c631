import { describe, expect, test } from 'vitest'
import {
  isRunning,
  kill,
  query,
  sharedFolder,
  startBusyQuery,
  startOwner,
  startServer,
} from '../../test/setup/embedded-fixture.ts'
import { soon } from '../../test/setup/soon.ts'

const directory = sharedFolder()

describe('death', () => {
  test('of the server is told by exited, and the next start recovers what was committed', async () => {
    const first = await startServer({ directory })
    await query(first.url, 'create table committed as select 42 as answer')
    process.kill(first.pid, 'SIGKILL')
    expect((await first.exited)?.message).toMatch(/^The embedded PostgreSQL ended by itself \(SIGKILL\):\n/)
    await first.stop()
    const second = await startServer({ directory })
    expect(await query(second.url, 'select * from committed')).toEqual([{ answer: 42 }])
  })

  test('of the server leaves a busy backend, which the next start ends', async () => {
    const first = await startServer({ directory })
    const busy = await startBusyQuery(first)
    process.kill(first.pid, 'SIGKILL')
    await first.exited
    expect(isRunning(busy)).toBe(true)
    const said: string[] = []
    await startServer({ directory, log: (line) => said.push(line) })
    expect(isRunning(busy)).toBe(false)
    expect(said).toEqual(['Stopped the embedded PostgreSQL that a killed process had left running.'])
  })

  test.runIf(process.platform === 'linux')('of the owner ends the server soon', async () => {
    const { owner, server } = await startOwner(directory)
    await kill(owner)
    await expect.poll(() => isRunning(server.pid), soon).toBe(false)
  })

  test('of the owner beside a frozen server does not keep the next start from the data', async () => {
    const { owner, server } = await startOwner(directory)
    await query(server.url, 'create table kept as select 42 as answer')
    process.kill(server.pid, 'SIGSTOP')
    await kill(owner)
    const next = await startServer({ directory })
    expect(isRunning(server.pid)).toBe(false)
    expect(await query(next.url, 'select * from kept')).toEqual([{ answer: 42 }])
  })

  test('of everything, again and again, loses nothing that was committed', async () => {
    for (let round = 1; round <= 5; round += 1) {
      const { owner, server } = await startOwner(directory)
      await query(server.url, 'create table if not exists rounds_kept (round int)')
      await query(server.url, `insert into rounds_kept values (${round})`)
      process.kill(server.pid, 'SIGKILL')
      await kill(owner)
    }
    const server = await startServer({ directory })
    expect(await query(server.url, 'select array_agg(round) as rounds from rounds_kept')).toEqual([
      { rounds: [1, 2, 3, 4, 5] },
    ])
  })
})
