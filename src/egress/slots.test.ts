import { expect, it } from 'vitest'
import { createSlots } from './slots.ts'

const never = new AbortController().signal

function work() {
  const done = Promise.withResolvers<string>()
  let started = false
  return {
    start: () => {
      started = true
      return done.promise
    },
    isStarted: () => started,
    finish: () => done.resolve('done'),
    fail: () => done.reject(new Error('failed')),
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

it('runs at most so many at once, the others in order', async () => {
  const slots = createSlots(2, 10)
  const works = [work(), work(), work(), work()]
  const results = works.map((each) => slots.run(never, each.start).catch((error: Error) => error.message))
  const started = () => works.map((each) => each.isStarted())

  await turn()
  expect(started()).toEqual([true, true, false, false])
  works[1]?.fail()
  await turn()
  expect(started()).toEqual([true, true, true, false])
  works[0]?.finish()
  await turn()
  expect(started()).toEqual([true, true, true, true])
  works[2]?.finish()
  works[3]?.finish()
  expect(await Promise.all(results)).toEqual(['done', 'failed', 'done', 'done'])
})

it('gives a slot that is handed on to nobody else', async () => {
  const slots = createSlots(1, 10)
  const [first, second, third] = [work(), work(), work()]
  const results = [slots.run(never, first.start), slots.run(never, second.start)]
  first.finish()
  await turn()
  results.push(slots.run(never, third.start))
  await turn()
  expect([second.isStarted(), third.isStarted()]).toEqual([true, false])
  second.finish()
  third.finish()
  expect(await Promise.all(results)).toEqual(['done', 'done', 'done'])
})

it('lets one that waits leave by its signal, without losing a slot', async () => {
  const slots = createSlots(1, 10)
  const [first, second, third] = [work(), work(), work()]
  const leaving = new AbortController()
  const running = slots.run(never, first.start)
  const left = slots.run(leaving.signal, second.start)
  const waiting = slots.run(never, third.start)

  leaving.abort(new Error('no longer wanted'))
  await expect(left).rejects.toThrow('no longer wanted')
  first.finish()
  third.finish()
  expect(await Promise.all([running, waiting])).toEqual(['done', 'done'])
  expect(second.isStarted()).toBe(false)
})

it('refuses what would wait beyond its bound', async () => {
  const slots = createSlots(1, 1)
  const [first, second] = [work(), work()]
  const running = [slots.run(never, first.start), slots.run(never, second.start)]
  await expect(slots.run(never, async () => 'done')).rejects.toMatchObject({ code: 'OVERLOADED' })
  first.finish()
  second.finish()
  await Promise.all(running)
  expect(await slots.run(never, async () => 'done')).toBe('done')
})

it('starts nothing for a signal that has fired', async () => {
  const idle = work()
  const run = createSlots(1, 1).run(AbortSignal.abort(new Error('too late')), idle.start)
  await expect(run).rejects.toThrow('too late')
  expect(idle.isStarted()).toBe(false)
})
