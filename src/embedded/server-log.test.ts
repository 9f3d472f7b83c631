import { writeSync } from 'node:fs'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openServerLog } from './server-log.ts'

describe('openServerLog', () => {
  test('keeps the log of the last run beside that of this one', async () => {
    const folder = await temporaryFolder()
    for (const run of ['first', 'second', 'third']) {
      const log = await openServerLog(folder, failTest)
      writeSync(log.descriptor, run)
      log.close()
      log.close()
    }
    expect(await readFile(join(folder, 'server.log.1'), 'utf8')).toBe('second')
    expect(await readFile(join(folder, 'server.log'), 'utf8')).toBe('third')
  })

  test('tells the newest lines, however long the log is', async () => {
    const log = await openServerLog(await temporaryFolder(), failTest)
    onTestFinished(log.close)
    expect(await log.tail()).toBe('')
    for (let line = 1; line <= 2_000; line += 1) writeSync(log.descriptor, `line ${line}\n`)
    expect((await log.tail()).split('\n')).toEqual(
      [1993, 1994, 1995, 1996, 1997, 1998, 1999, 2000].map((line) => `line ${line}`),
    )
  })

  test('is emptied when it has grown too large, and goes on', async () => {
    const folder = await temporaryFolder()
    const log = await openServerLog(folder, failTest, { maxBytes: 100, checkEveryMs: 20 })
    onTestFinished(log.close)
    writeSync(log.descriptor, 'x'.repeat(101))
    await expect.poll(async () => (await stat(join(folder, 'server.log'))).size).toBe(0)
    writeSync(log.descriptor, 'after')
    expect(await log.tail()).toBe('after')
  })

  test('says why the newest lines cannot be told', async () => {
    const folder = await temporaryFolder()
    const log = await openServerLog(folder, failTest)
    onTestFinished(log.close)
    await rm(join(folder, 'server.log'))
    expect(await log.tail()).toMatch(/server\.log cannot be read: .*ENOENT/)
  })

  test('is private', async () => {
    const folder = await temporaryFolder()
    const log = await openServerLog(folder, failTest)
    log.close()
    expect((await stat(join(folder, 'server.log'))).mode & 0o777).toBe(0o600)
  })
})

function failTest(line: string): never {
  throw new Error(line)
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bakewire-log-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return folder
}
