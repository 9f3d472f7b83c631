import { expect, it } from 'vitest'
import { canonicalMetrics } from '#core'
import {
  cakeOvenAt,
  coldRoomAt,
  combiAt,
  combiBatchesAt,
  energyAt,
  freezerAt,
  mixerAt,
  ovenAt,
  powerAt,
  prooferAt,
  rackOvenAt,
  sheeterAt,
  stoneOvenAt,
} from './demo-day.ts'

const seconds = Array.from({ length: 1_200 }, (_, second) => second)

it('leaves the cold room open long enough, within the first two minutes', () => {
  const open = seconds.filter((t) => t < 120 && coldRoomAt(t).doorOpen)
  expect(open.length).toBeGreaterThan(45)
  expect(open[0]).toBeLessThan(60)
})

it('has a combi steamer in error for longer than its rule waits, within the first two minutes, and one that never is', () => {
  const broken = (unit: 1 | 2) => seconds.filter((t) => t < 120 && combiAt(t, unit).mode === 10)
  expect(broken(2).length).toBeGreaterThan(30)
  expect(broken(1)).toEqual([])
})

it('has one batch of a combi steamer after the other, each under the same number for as long as it lasts', () => {
  const wall = Date.UTC(2026, 10, 26)
  const at = (t: number) => combiBatchesAt(t, 1, wall + t * 1_000)
  for (const t of seconds) {
    const [before, now] = at(t)
    expect(before?.isFinished).toBe(true)
    expect(now?.startedAt.getTime()).toBeLessThanOrEqual(wall + t * 1_000)
    if (t > 0) expect(at(t - 1).map(({ number }) => number)).toContain(t % 240 === 200 ? before?.number : now?.number)
  }
})

it('has everything of a day: preheating, baking, defrost, a machine that comes and goes', () => {
  const stages = new Set(seconds.map((t) => ovenAt(t).stage))
  expect([...stages].toSorted()).toEqual(['baking', 'finished', 'loading', 'preheat', 'steaming', 'venting'])
  expect(seconds.some((t) => coldRoomAt(t).defrosting)).toBe(true)
  expect(new Set(seconds.map((t) => rackOvenAt(t).on)).size).toBe(2)
  expect(new Set(seconds.map((t) => mixerAt(t).rpm))).toEqual(new Set([98, 196, 0]))
})

it('speaks in our words and stays within what such machines do, without jumps', () => {
  for (const t of seconds) {
    expect(canonicalMetrics.operational_status.words).toContain(ovenAt(t).state)
    expect(canonicalMetrics.cycle_stage.words).toContain(ovenAt(t).stage)
    expect(canonicalMetrics.cycle_stage.words).toContain(mixerAt(t).stage)
    expect(Math.abs(coldRoomAt(t).temperature - 5)).toBeLessThan(4)
    expect(Math.abs(prooferAt(t).temperature - 31)).toBeLessThan(2)
    expect(powerAt(t)).toBeGreaterThan(0)
    expect(sheeterAt(t)).toBeGreaterThan(0)
    expect(Math.abs(freezerAt(t).temperature + 19)).toBeLessThan(3)
    expect(canonicalMetrics.operational_status.words).toContain(stoneOvenAt(t, 0).status)
    for (const deck of stoneOvenAt(t, 0).decks) expect(Math.abs(deck - 230)).toBeLessThan(15)
    for (const { temperature, mode } of cakeOvenAt(t)) {
      expect([4, 17]).toContain(mode)
      expect(Math.abs(temperature - 170)).toBeLessThan(20)
    }
    if ((t + 40) % 240 > 0) expect(Math.abs(combiAt(t, 1).chamber - combiAt(t - 1, 1).chamber)).toBeLessThan(4)
    if (t % 300 > 0) expect(Math.abs(ovenAt(t).temperature - ovenAt(t - 1).temperature)).toBeLessThan(3)
  }
  expect(energyAt(Date.UTC(2026, 5, 1))).toBeGreaterThan(energyAt(Date.UTC(2026, 4, 31)))
})
