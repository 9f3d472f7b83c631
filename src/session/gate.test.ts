import { setImmediate as turn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { createGate } from './gate.ts'

function task() {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { run: () => promise, resolve }
}

it('runs one after the other, in order', async () => {
  const gate = createGate(1, 10)
  const order: number[] = []
  const tasks = [task(), task(), task()]
  const runs = tasks.map(({ run }, index) => gate.run(() => run().then(() => order.push(index))))
  for (const { resolve } of tasks.toReversed()) resolve()
  await Promise.all(runs)
  expect(order).toEqual([0, 1, 2])
})

it('lets the next one in after a failure', async () => {
  const gate = createGate(1, 10)
  await expect(gate.run(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  await expect(gate.run(async () => 'next')).resolves.toBe('next')
})

it('never runs more at once than allowed, and refuses what would wait beyond the bound', async () => {
  const gate = createGate(2, 1)
  const first = task()
  let running = 0
  const count = () =>
    gate.run(async () => {
      await first.run()
      running += 1
    })
  const accepted = [count(), count(), count()]
  await expect(count()).rejects.toMatchObject({ code: 'OVERLOADED' })
  await turn()
  expect(running).toBe(0)
  first.resolve()
  await Promise.all(accepted)
  expect(running).toBe(3)
})
