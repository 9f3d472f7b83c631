import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BakewireError, limits } from '#core'
import { settlementOf } from './settlement-of.ts'

const answered = (status: number, retryAfterMs?: number) => ({ answer: { status, retryAfterMs } })

describe('settlementOf', () => {
  it.each([200, 201, 202, 204, 299])('is sent at %i', (status) => {
    expect(settlementOf(answered(status), 1, 0.5)).toEqual({ result: 'sent' })
  })

  it.each([
    [400, false],
    [401, false],
    [404, false],
    [410, true],
    [422, false],
  ])('gives up at %i', (status, disableChannel) => {
    const error = `the server answered ${status}`
    expect(settlementOf(answered(status), 1, 0.5)).toEqual({ result: 'failed', error, disableChannel })
  })

  it.each([302, 408, 425, 429, 500, 502, 503, 100])('tries again at %i', (status) => {
    const error = `the server answered ${status}`
    expect(settlementOf(answered(status), 1, 0.5)).toEqual({ result: 'retry', error, inMs: 5000 })
  })

  it('tries again when no answer came, and says why only in words of ours', () => {
    const ours = new BakewireError('UNREACHABLE', 'dialling hooks.example: refused')
    expect(settlementOf({ thrown: ours }, 1, 0.5)).toMatchObject({ error: 'dialling hooks.example: refused' })
    expect(settlementOf({ thrown: new Error('whsec_abc') }, 1, 0.5)).toMatchObject({
      result: 'retry',
      error: 'the message could not be sent',
    })
  })

  it('waits as long as it is asked to, but never less than its own schedule', () => {
    expect(settlementOf(answered(503, 90_000), 1, 0.5)).toMatchObject({ inMs: 90_000 })
    expect(settlementOf(answered(503, 1), 1, 0.5)).toMatchObject({ inMs: 5000 })
  })

  it('spreads twelve tries over about a day, then gives up', () => {
    let sumMs = 0
    for (let attempt = 1; attempt < limits.notificationAttemptsMax; attempt += 1) {
      const settlement = settlementOf(answered(500), attempt, 0.5)
      if (settlement.result !== 'retry') throw new Error('gave up too early')
      sumMs += settlement.inMs
    }
    expect(sumMs / 3_600_000).toBeGreaterThan(20)
    expect(sumMs / 3_600_000).toBeLessThan(28)
    expect(settlementOf(answered(500), limits.notificationAttemptsMax, 0.5)).toMatchObject({
      result: 'failed',
      disableChannel: false,
    })
  })

  it('varies each wait by at most a fifth', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 11 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (attempt, random) => {
          const middle = settlementOf(answered(500), attempt, 0.5)
          const varied = settlementOf(answered(500), attempt, random)
          if (middle.result !== 'retry' || varied.result !== 'retry') throw new Error('gave up')
          expect(Math.abs(varied.inMs - middle.inMs)).toBeLessThanOrEqual(middle.inMs * 0.2 + 1)
        },
      ),
    )
  })
})
