import { describe, expect, it } from 'vitest'
import { limits } from '#core'
import { describedPoints } from './described-points.ts'

const named = (document: unknown) =>
  describedPoints(document).points.map(({ metric, address }) => [metric, address.pointer])

describe('describedPoints', () => {
  it('finds canonical names, zones and machine-specific values', () => {
    const document = {
      temperature: 182.5,
      door_status: 'closed',
      temperature_zones: { top: 210, core: '71,5' },
      additional: { program: 'Baguette', fan: true, steps: 0 },
      name: 'Oven 1',
    }
    expect(named(document)).toEqual([
      ['temperature', '/temperature'],
      ['door_status', '/door_status'],
      ['temperature_zones.top', '/temperature_zones/top'],
      ['temperature_zones.core', '/temperature_zones/core'],
      ['additional.program', '/additional/program'],
      ['additional.fan', '/additional/fan'],
      ['additional.steps', '/additional/steps'],
    ])
  })

  it.each<[string, unknown]>([
    ['an empty document', {}],
    ['null', null],
    ['a number', 1],
    ['a list', [{ temperature: 1 }]],
    ['values that are not on this machine', { temperature: null, temperature_zones: { top: null }, additional: null }],
    ['groups that are no objects', { temperature_zones: [210], additional: 'x' }],
    ['names that no metric can have', { temperature_zones: { 'top deck': 1, '': 2 }, additional: { 'a/b': 1, ü: 2 } }],
    ['objects and lists among the machine-specific values', { additional: { list: [], nested: { a: 1 } } }],
    ['names that JavaScript knows', JSON.parse('{"additional": {"__proto__": 1}, "__proto__": {"temperature": 1}}')],
    ['canonical names further down', { data: { temperature: 1 } }],
  ])('finds nothing in %s', (_, document) => {
    expect(describedPoints(document)).toEqual({ points: [], beyond: [] })
  })

  it('takes no more than a machine may have points, and tells the rest', () => {
    const additional = Object.fromEntries(Array.from({ length: limits.pointsPerEquipment }, (_, n) => [`n${n}`, n]))
    const { points, beyond } = describedPoints({ temperature: 1, additional })
    expect(points).toHaveLength(limits.pointsPerEquipment)
    expect(points[0]).toEqual({ metric: 'temperature', address: { pointer: '/temperature' } })
    expect(beyond).toEqual([`additional.n${limits.pointsPerEquipment - 1}`])
  })
})
