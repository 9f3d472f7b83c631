import { expect, it } from 'vitest'
import { canonicalMetrics } from '#core'
import { coldRoomAt, energyAt, mixerAt, ovenAt, powerAt, prooferAt, rackOvenAt } from './demo-day.ts'

const seconds = Array.from({ length: 1_200 }, (_, second) => second)

it('leaves the cold room open long enough, within the first two minutes', () => {
  const open = seconds.filter((t) => t < 120 && coldRoomAt(t).doorOpen)
  expect(open.length).toBeGreaterThan(45)
  expect(open[0]).toBeLessThan(60)
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
    if (t % 300 > 0) expect(Math.abs(ovenAt(t).temperature - ovenAt(t - 1).temperature)).toBeLessThan(3)
  }
  expect(energyAt(Date.UTC(2026, 5, 1))).toBeGreaterThan(energyAt(Date.UTC(2026, 4, 31)))
})
