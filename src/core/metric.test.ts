import { expect, it } from 'vitest'
import { placeOf } from './metric.ts'
import { shardCount, shardOf } from './shard.ts'

it.each([
  ['temperature', 'column'],
  ['temperature_zones.core', 'zone'],
  ['temperature_zones.Deck-2_top', 'zone'],
  ['additional.fan_on', 'additional'],
])('%s is a place: %s', (metric, kind) => {
  expect(placeOf(metric)?.in).toBe(kind)
})

it.each([
  '',
  'temp',
  'temperature_zones',
  'temperature_zones.',
  'additional.',
  'additional.a.b',
  'additional.a b',
  'additional.__proto__',
  'constructor',
  '__proto__',
  'toString',
  `additional.${'x'.repeat(65)}`,
  'Temperature',
])('%j is none', (metric) => {
  expect(placeOf(metric)).toBeUndefined()
})

it('gives a link key the same shard in every release', () => {
  // Stored rows carry these numbers.
  expect(['modbus:10.0.4.17:502', 'rest_api:https://oven.example:443', ''].map(shardOf)).toEqual([49, 41, 2])
})

it('spreads link keys over all shards', () => {
  const shards = new Set(Array.from({ length: 2_000 }, (_, index) => shardOf(`modbus:10.0.0.${index}:502`)))
  expect(shards.size).toBe(shardCount)
})
