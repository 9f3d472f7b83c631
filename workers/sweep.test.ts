import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it, vi } from 'vitest'
import { silentLog } from '#core'
import { soon } from '../test/setup/soon.ts'
import { startSweep } from './sweep.ts'

function counted(name: string, work: () => Promise<unknown> = async () => undefined) {
  const task = {
    name,
    times: 0,
    async run() {
      task.times += 1
      await work()
    },
  }
  return task
}

it('does each task again and again, however long another takes or fails', async () => {
  const stuck = counted('stuck', () => new Promise(() => undefined))
  const failing = counted('failing', () => Promise.reject(new Error('always')))
  const quick = counted('quick')
  const sweep = startSweep([stuck, failing, quick], silentLog, 5)
  await vi.waitUntil(() => quick.times >= 5 && failing.times >= 5, soon)
  expect(stuck.times).toBe(1)
  await sweep.stop()
})

it('lets a task that takes long rest for nine times as long', async () => {
  const starts: number[] = []
  const long = counted('long', () => {
    starts.push(performance.now())
    return sleep(50)
  })
  const sweep = startSweep([long], silentLog, 5)
  await vi.waitUntil(() => long.times >= 2, soon)
  const [first = 0, second = 0] = starts
  // Timers are late at most, never early by more than their grain.
  expect(second - first).toBeGreaterThan(490)
  await sweep.stop()
})

it('says once that a task fails, and once that it works again', async () => {
  const told: string[] = []
  const tell = (_fields: object, message: string) => void told.push(message)
  let isFailing = true
  const task = counted('task', () => (isFailing ? Promise.reject(new Error('now')) : Promise.resolve()))
  const sweep = startSweep([task], { ...silentLog, info: tell, warn: tell }, 5)
  await vi.waitUntil(() => task.times >= 3, soon)
  isFailing = false
  await vi.waitUntil(() => told.length >= 2, soon)
  expect(told).toEqual(['sweep failed, goes on trying', 'sweep works again'])
  await sweep.stop()
})
