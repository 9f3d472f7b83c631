import { expect, it } from 'vitest'
import { limits } from '#core'
import { createOpeningPace, takeTurn } from './opening-pace.ts'

const { openingsBurst, openingsPerSecond } = limits

/** The waits of a herd that asks at once, `nowMs` after another that did at 0. */
function waits(count: number, nowMs: number, earlier = 0): number[] {
  let spentUntilMs = Number.NEGATIVE_INFINITY
  const take = (at: number) => {
    const turn = takeTurn(spentUntilMs, at)
    spentUntilMs = turn.spentUntilMs
    return turn.waitMs
  }
  for (let asked = 0; asked < earlier; asked += 1) take(0)
  return Array.from({ length: count }, () => take(nowMs))
}

it('lets so many in at once and the others at the pace, in order', () => {
  const herd = waits(1_000, 0)
  expect(herd.filter((waitMs) => waitMs === 0)).toHaveLength(openingsBurst)
  expect(herd).toEqual(herd.toSorted((left, right) => left - right))
  for (let second = 0; second < 7; second += 1) {
    const inIt = herd.filter((waitMs) => waitMs > second * 1_000 && waitMs <= (second + 1) * 1_000)
    expect(inIt).toHaveLength(openingsPerSecond)
  }
  expect(Math.max(...herd)).toBe(7_000)
})

it('saves up what was not used, up to the burst', () => {
  expect(waits(1, 0, openingsBurst)).toEqual([1_000 / openingsPerSecond])
  expect(waits(openingsPerSecond + 1, 1_000, openingsBurst).map((waitMs) => waitMs > 0)).toEqual([
    ...Array<boolean>(openingsPerSecond).fill(false),
    true,
  ])
  expect(waits(openingsBurst + 1, 3_600_000, openingsBurst).map((waitMs) => waitMs > 0)).toEqual([
    ...Array<boolean>(openingsBurst).fill(false),
    true,
  ])
})

it('lets who waits leave by its signal', async () => {
  const pace = createOpeningPace({ monotonic: () => 0 })
  const never = new AbortController().signal
  for (let turn = 0; turn < openingsBurst; turn += 1) await pace.turn(never)
  const leaving = new AbortController()
  const waiting = pace.turn(leaving.signal)
  leaving.abort(new Error('no longer wanted'))
  await expect(waiting).rejects.toThrow('no longer wanted')
  await expect(pace.turn(leaving.signal)).rejects.toThrow('no longer wanted')
})
