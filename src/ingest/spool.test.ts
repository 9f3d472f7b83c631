import { fork } from 'node:child_process'
import { once } from 'node:events'
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { limits, type Reading, silentLog } from '#core'
import type { Loss } from './losses.ts'
import { openSpool, type Spool, type SpoolOptions } from './spool.ts'

let directory: string
const open: Spool[] = []

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'bakewire-spool-'))
})
afterEach(() => {
  for (const spool of open.splice(0)) spool.close()
  losses.length = 0
  rmSync(directory, { recursive: true, force: true })
})

const losses: Loss[] = []

function openHere(options: Partial<SpoolOptions> = {}): Spool {
  const spool = openSpool({
    directory,
    log: silentLog,
    now: () => 0,
    onDropped: (dropped) => losses.push(...dropped),
    ...options,
  })
  open.push(spool)
  return spool
}

function close(spool: Spool): void {
  open.splice(open.indexOf(spool), 1)
  spool.close()
}

const reading = (readingTime: number): Reading => ({
  equipmentId: 'e',
  readingTime,
  sourceTime: null,
  values: { temperature: readingTime },
  zones: null,
  additional: null,
  quality: null,
})

function drain(spool: Spool): number[] {
  const times: number[] = []
  const next = () => spool.oldest(Number.POSITIVE_INFINITY, 1)
  for (let batch = next(); batch; batch = next()) {
    times.push(...batch.readings.map((one) => one.readingTime))
    spool.remove(batch.seqs)
  }
  return times
}

it('gives batches back in order, each until it is removed', () => {
  const spool = openHere()
  spool.append([reading(1), reading(2)])
  spool.append([reading(3)])
  expect(spool.oldest(9, 1)).toEqual({ seqs: [1], readings: [reading(1), reading(2)] })
  expect(spool.oldest(9, 1)).toEqual(spool.oldest(9, 1))
  expect(drain(spool)).toEqual([1, 2, 3])
  expect(spool.oldest(9, 1)).toBeUndefined()
})

it('keeps what was not removed over a restart, in order, more than fits into memory', () => {
  const before = openHere()
  const times = Array.from({ length: 200 }, (_, index) => index)
  for (const time of times) before.append([reading(time)])
  close(before)
  const after = openHere()
  after.append([reading(200)])
  expect(drain(after)).toEqual([...times, 200])
})

it('keeps what a killed process had appended', async () => {
  const child = fork(join(import.meta.dirname, 'spool.child.ts'), [directory], { stdio: 'inherit' })
  await once(child, 'message')
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(drain(openHere())).toEqual([1, 2, 3])
})

it('leaves a spool alone whose owner lives, and empties it once the owner is dead', async () => {
  const child = fork(join(import.meta.dirname, 'spool.child.ts'), [directory], { stdio: 'inherit' })
  await once(child, 'message')
  const mine = openHere()
  expect(mine.oldest(9, 1)).toBeUndefined()
  mine.append([reading(9)])
  close(mine)
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(drain(openHere()).toSorted()).toEqual([1, 2, 3, 9])
  expect(readdirSync(directory).filter((name) => name.endsWith('.sqlite'))).toHaveLength(1)
})

it('starts with a damaged file, which is set aside', () => {
  const before = openHere()
  before.append([reading(1)])
  close(before)
  const [name = ''] = readdirSync(directory)
  writeFileSync(join(directory, name), 'this is no database at all, but it is long enough to look like a file of one')
  const spool = openHere()
  spool.append([reading(2)])
  expect(drain(spool)).toEqual([2])
  expect(existsSync(join(directory, `${name}.damaged`))).toBe(true)
})

it('keeps the last three damaged files', () => {
  const setAside: string[] = []
  for (let round = 0; round < 5; round += 1) {
    close(openHere())
    const [name = ''] = readdirSync(directory).filter((one) => one.endsWith('.sqlite'))
    writeFileSync(join(directory, name), 'this is no database at all, but it is long enough to look like a file of one')
    setAside.push(`${name}.damaged`)
  }
  openHere()
  const left = readdirSync(directory).filter((one) => one.endsWith('.damaged'))
  expect(left.toSorted()).toEqual(setAside.slice(2).toSorted())
})

it('starts with a file that was cut off', () => {
  const before = openHere()
  for (let time = 0; time < 300; time += 1) before.append([reading(time)])
  close(before)
  const [name = ''] = readdirSync(directory)
  truncateSync(join(directory, name), 10_000)
  const spool = openHere()
  spool.append([reading(1000)])
  expect(drain(spool)).toContain(1000)
})

it('leaves a file alone that cannot be opened now', () => {
  mkdirSync(join(directory, 'a.sqlite'))
  const spool = openHere()
  spool.append([reading(1)])
  expect(drain(spool)).toEqual([1])
  expect(existsSync(join(directory, 'a.sqlite'))).toBe(true)
})

it('drops the oldest when it is full, and tells which machine lost what', () => {
  const spool = openHere({ bytesMax: 1_000 })
  for (let time = 0; time < 20; time += 1) spool.append([reading(time)])
  const { dropped } = spool.size()
  expect(losses.reduce((sum, loss) => sum + loss.readings, 0)).toBe(dropped)
  expect(losses[0]).toEqual({ equipmentId: 'e', from: 0, to: 0, readings: 1, reason: 'the spool is full' })
  expect(drain(spool)).toEqual(Array.from({ length: 20 - dropped }, (_, index) => dropped + index))
})

it('drops what is too old to be of use', () => {
  const spool = openHere({ now: () => limits.spoolAgeMsMax + 2 })
  spool.append([reading(1)])
  spool.append([reading(2)])
  expect(losses).toEqual([expect.objectContaining({ from: 1, to: 1, readings: 1 })])
  expect(drain(spool)).toEqual([2])
})

it('gives the newest before the oldest, each of them once', () => {
  const spool = openHere()
  for (let time = 1; time <= 10; time += 1) spool.append([reading(time)])
  expect(spool.newest(0, 2)?.seqs).toEqual([9, 10])
  spool.remove([9, 10])
  spool.append([reading(11)])
  expect(spool.newest(10, 2)?.seqs).toEqual([11])
  expect(spool.oldest(10, 3)?.seqs).toEqual([1, 2, 3])
  spool.remove([1, 2, 3])
  expect(drain(spool)).toEqual([4, 5, 6, 7, 8, 11])
})

it('gives its disk space back once all is stored', () => {
  const spool = openHere()
  const many = Array.from({ length: 1_000 }, (_, index) => reading(index))
  for (let batch = 0; batch < 40; batch += 1) spool.append(many)
  expect(bytesOnDisk()).toBeGreaterThan(4 * 2 ** 20)
  drain(spool)
  expect(bytesOnDisk()).toBeLessThan(2 ** 20)
})

it('works without a folder, and spools once there is one', async () => {
  writeFileSync(join(directory, 'not-a-folder'), '')
  const spool = openHere({ directory: join(directory, 'not-a-folder') })
  spool.append([reading(1)])
  expect(spool.size()).toMatchObject({ onDisk: false, readings: 1 })
  rmSync(join(directory, 'not-a-folder'))
  await vi.waitFor(() => {
    spool.append([reading(2)])
    expect(spool.size().onDisk).toBe(true)
  }, soonEnough)
  expect(drain(spool).slice(0, 2)).toEqual([1, 2])
})

it('takes over a file of the first release, and drops by machine what is in it', () => {
  const old = new DatabaseSync(join(directory, 'old.sqlite'))
  old.exec('create table batches (seq integer primary key, count integer not null, readings text not null)')
  const insert = old.prepare('insert into batches values (?, ?, ?)')
  for (const seq of [1, 2, 3]) insert.run(seq, 1, JSON.stringify([reading(seq)]))
  old.close()
  const spool = openHere({ now: () => limits.spoolAgeMsMax + 2 })
  expect(spool.size()).toMatchObject({ batches: 3, readings: 3, bytes: 3 * JSON.stringify([reading(1)]).length })
  spool.append([reading(4)])
  expect(losses).toEqual([expect.objectContaining({ equipmentId: 'e', from: 1, to: 1, readings: 1 })])
  expect(drain(spool)).toEqual([2, 3, 4])
})

it('leaves a file alone that a later release wrote', () => {
  spoolAndChange([1], 'pragma user_version = 99')
  const spool = openHere()
  spool.append([reading(2)])
  expect(drain(spool)).toEqual([2])
  close(spool)
  inFiles('pragma user_version = 1')
  expect(drain(openHere())).toEqual([1])
})

it('tells by machine what a damaged record had held, though another process had spooled it', () => {
  spoolAndChange([1, 2, 3], `update batches set readings = 'damaged' where seq = 2`)
  // Is moved into the file that comes first.
  new DatabaseSync(join(directory, '0.sqlite')).close()
  const spool = openHere()
  expect(spool.oldest(9, 9)?.readings).toEqual([reading(1), reading(3)])
  expect(losses).toEqual([
    { equipmentId: 'e', from: 2, to: 2, readings: 1, reason: 'a record of the spool is damaged' },
  ])
  expect(spool.size()).toMatchObject({ dropped: 1, readings: 2 })
})

it('does not tell as lost what the disk does not delete: it is still there', () => {
  spoolAndChange([1, 2], `create trigger stuck before delete on batches begin select raise(fail, 'stuck'); end`)
  const spool = openHere({ now: () => limits.spoolAgeMsMax + 9 })
  spool.append([reading(9)])
  expect(losses).toEqual([])
  expect(spool.size()).toMatchObject({ dropped: 0, batches: 3 })
  close(spool)
  inFiles('drop trigger stuck')
  expect(drain(openHere())).toEqual([1, 2, 9])
})

it('deletes what was stored later, when the disk did not at once', () => {
  spoolAndChange(
    [1, 2],
    `create trigger stuck before delete on batches when (select max(seq) < 4 from batches) begin select raise(fail, 'stuck'); end`,
  )
  const spool = openHere()
  expect(drain(spool)).toEqual([1, 2])
  spool.append([reading(3)])
  spool.append([reading(4)])
  spool.append([reading(5)])
  close(spool)
  expect(drain(openHere())).toEqual([3, 4, 5])
})

it('knows of each reading where it went when the file is damaged while it is open', async () => {
  const spool = openHere()
  const batchesOf = 1_000
  let time = 0
  const append = () => spool.append(Array.from({ length: batchesOf }, () => reading(time++)))
  // More than is remembered of a file, here and by SQLite.
  for (let batch = 0; batch < 100; batch += 1) append()
  const [name = ''] = readdirSync(directory)
  const raw = openSync(join(directory, name), 'r+')
  writeSync(raw, Buffer.alloc(2 ** 20, 0xff), 0, 2 ** 20, 10 * 2 ** 20)
  closeSync(raw)
  const stored = drain(spool)
  // Its file is replaced, if it was found wanting.
  await vi.waitFor(() => {
    append()
    expect(spool.size().onDisk).toBe(true)
  }, soonEnough)
  stored.push(...drain(spool))
  const lost = losses.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, index) => from + index))
  expect(lost.length).toBeGreaterThan(0)
  expect(spool.size().dropped).toBe(lost.length)
  expect([...stored, ...lost].toSorted((a, b) => a - b)).toEqual(Array.from({ length: time }, (_, index) => index))
})

/** Changes the files, which nobody has open. */
function inFiles(sql: string): void {
  for (const name of readdirSync(directory)) {
    const database = new DatabaseSync(join(directory, name))
    database.exec(sql)
    database.close()
  }
}

function spoolAndChange(times: readonly number[], sql: string): void {
  const spool = openHere()
  for (const time of times) spool.append([reading(time)])
  close(spool)
  inFiles(sql)
}

/** Slow enough that what waits in memory is not too much meanwhile. */
const soonEnough = { timeout: 30_000, interval: 300 }
const bytesOnDisk = () => readdirSync(directory).reduce((sum, name) => sum + statSync(join(directory, name)).size, 0)
