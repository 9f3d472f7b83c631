import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { describeError, openLog } from './open-log.ts'

it.runIf(process.platform === 'linux')('outlives a disk that is full', async () => {
  const uncaught: unknown[] = []
  const note = (error: unknown) => void uncaught.push(error)
  process.on('uncaughtException', note)
  const log = openLog('info', '/dev/full')
  for (let line = 0; line < 100; line += 1) {
    log.info({ line }, 'nobody will read this')
    await sleep(1)
  }
  process.off('uncaughtException', note)
  expect(uncaught).toEqual([])
})

describe('an error in the log', () => {
  const canary = 'canary-of-a-secret'

  it('is its words and those of its causes, and nothing that a library hangs on it', () => {
    const cause = Object.assign(new Error('WRONGPASS'), { command: { name: 'auth', args: [canary] }, code: 'ERR' })
    const all = new AggregateError([cause, 'a word'], 'none of them')
    const text = JSON.stringify(describeError(new Error('the queue fails', { cause: all })))
    expect(text).toMatch(/the queue fails.*none of them.*"code":"ERR".*WRONGPASS.*a word/)
    expect(text).not.toContain(canary)
  })

  it.each([`redis://:${canary}@host:6379`, `postgres://user:${canary}@host/db?x=1`])('does not quote %s', (url) => {
    const text = JSON.stringify(describeError(new Error(`cannot reach ${url} at all`)))
    expect(text).toMatch(/:\/\/\*\*\*@host.* at all/)
    expect(text).not.toContain(canary)
  })

  it('of a chain without end comes to an end', () => {
    const ring = new Error('ring')
    ring.cause = ring
    expect(JSON.stringify(describeError(ring)).match(/"message":"ring"/g)).toHaveLength(6)
  })
})
