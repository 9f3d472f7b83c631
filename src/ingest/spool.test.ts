import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Reading, silentLog } from '#core'
import { openSpool, type Spool } from './spool.ts'

let directory: string
const open: Spool[] = []

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'bakewire-spool-'))
})
afterEach(() => {
  for (const spool of open.splice(0)) spool.close()
  rmSync(directory, { recursive: true, force: true })
})

function openHere(): Spool {
  const spool = openSpool(directory, silentLog)
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
  for (let batch = spool.first(); batch; batch = spool.first()) {
    times.push(...batch.readings.map((one) => one.readingTime))
    spool.remove(batch.seq)
  }
  return times
}

it('gives batches back in order, each until it is removed', () => {
  const spool = openHere()
  spool.append([reading(1), reading(2)])
  spool.append([reading(3)])
  expect(spool.first()).toEqual(spool.first())
  expect(drain(spool)).toEqual([1, 2, 3])
  expect(spool.first()).toBeUndefined()
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
  expect(mine.first()).toBeUndefined()
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
