import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { createTurns } from './create-turns.ts'

it('runs tasks of one key one after another, also after one that failed, and those of another key beside them', async () => {
  const turns = createTurns()
  const letGo = Promise.withResolvers<void>()
  const order: string[] = []
  const task =
    (name: string, fails = false) =>
    async () => {
      order.push(`${name} begins`)
      await (name === 'c' ? letGo.promise : sleep(5))
      order.push(`${name} ends`)
      if (fails) throw new Error(name)
      return name
    }
  const outcomes = Promise.allSettled([
    turns.run('one', task('a', true)),
    turns.run('one', task('b')),
    turns.run('other', task('c')),
  ])
  await turns.ended('one')
  expect(order).toEqual(['a begins', 'c begins', 'a ends', 'b begins', 'b ends'])
  letGo.resolve()
  expect((await outcomes).map((outcome) => outcome.status)).toEqual(['rejected', 'fulfilled', 'fulfilled'])
})
