import { expect, it } from 'vitest'
import { limits } from '#core'
import { boundedFound } from './bounded-found.ts'

it('lets through what is within bounds', () => {
  const browsed = {
    found: [{ name: 'a', kind: 'b', at: 'c', value: 'd', point: { metric: 'temperature' } }],
    cursor: 'e',
  }
  expect(boundedFound(browsed, 10)).toEqual(browsed)
})

it('bounds how much there is, and each part of it', () => {
  const long = 'x'.repeat(20_000)
  const thing = { name: long, kind: long, value: long, at: long, point: { metric: long } }
  const { found } = boundedFound({ found: Array.from({ length: 9 }, () => thing) }, 3)
  expect(found).toHaveLength(3)
  expect(found[0]).toEqual({ name: 'x'.repeat(500), kind: 'x'.repeat(500), value: 'x'.repeat(200) })
})

it('leaves no half of a character behind', () => {
  const { found } = boundedFound({ found: [{ name: `${'x'.repeat(499)}😀`, kind: '\ud800' }] }, 1)
  expect(found[0]?.name.isWellFormed()).toBe(true)
  expect(found[0]?.kind.isWellFormed()).toBe(true)
})

it('takes a cursor that could not be sent back for a fault of the connector', () => {
  const browsed = { found: [], cursor: 'x'.repeat(limits.browsePlaceLengthMax + 1) }
  expect(() => boundedFound(browsed, 1)).toThrow(/longer than any may be/)
})
