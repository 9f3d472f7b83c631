import { describe, expect, it } from 'vitest'
import { BakewireError, type ErrorCode, errorTable } from '#core'
import { retryAfterSeconds } from './problem.ts'

const codes = Object.keys(errorTable) as ErrorCode[]

describe('Retry-After', () => {
  it('is said with every 429 and 503, while the same request is under way, and else only where the error says it', () => {
    const saying = codes.filter((code) => retryAfterSeconds(new BakewireError(code, 'x')) !== undefined)
    const expected = codes.filter((code) => [429, 503].includes(errorTable[code].status) || code === 'IN_PROGRESS')
    expect(saying.sort()).toEqual(expected.sort())
    expect(retryAfterSeconds(new BakewireError('CONFLICT', 'x', { retryAfterMs: 7_000 }))).toBe(7)
  })

  it.each([
    [0, 1],
    [1, 1],
    [1_000, 1],
    [1_001, 2],
    [90_000, 90],
  ])('of %i ms is %i s: whole seconds, and never none', (retryAfterMs, seconds) => {
    expect(retryAfterSeconds(new BakewireError('OVERLOADED', 'x', { retryAfterMs }))).toBe(seconds)
  })
})
