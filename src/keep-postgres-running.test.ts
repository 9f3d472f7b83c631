import { kill } from 'node:process'
import { expect, it, onTestFinished, vi } from 'vitest'
import { silentLog } from '#core'
import { query, temporaryFolder } from '../test/setup/embedded-fixture.ts'
import { keepPostgresRunning } from './keep-postgres-running.ts'

it('starts the database again at the same address when it dies, with what was committed', async () => {
  const said: string[] = []
  const hear = (_: object, line: string) => void said.push(line)
  const server = await keepPostgresRunning(await temporaryFolder(), { ...silentLog, info: hear, error: hear })
  onTestFinished(() => server.stop())
  await query(server.url, 'create table kept as select 42 as answer')
  said.length = 0
  kill(server.pid, 'SIGKILL')
  await vi.waitFor(() => expect(said.at(-1)).toBe('the embedded database runs again'), 30_000)
  expect(said[0]).toMatch(/ended by itself and is started again/)
  expect(await query(server.url, 'select * from kept')).toEqual([{ answer: 42 }])
})

it('stays stopped, also when it died just before', async () => {
  const server = await keepPostgresRunning(await temporaryFolder(), silentLog)
  kill(server.pid, 'SIGKILL')
  await server.stop()
  await expect(query(server.url, 'select 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})
