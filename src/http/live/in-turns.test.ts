import { expect, test } from 'vitest'
import { inTurns } from './in-turns.ts'

test('Whatever else there is to do is done between steps that take long', async () => {
  let others = 0
  let isOver = false
  const other = () => {
    others += 1
    if (!isOver) setImmediate(other)
  }
  setImmediate(other)

  await inTurns(longSteps(20))

  isOver = true
  expect(others).toBeGreaterThanOrEqual(20)
})

test('A step that fails is told', async () => {
  await expect(
    inTurns(
      (function* () {
        yield
        throw new Error('no such alert')
      })(),
    ),
  ).rejects.toThrow('no such alert')
})

function* longSteps(count: number): Iterable<void> {
  for (let step = 0; step < count; step += 1) {
    const until = performance.now() + 1
    while (performance.now() < until);
    yield
  }
}
