import { describe, expect, it } from 'vitest'
import { BakewireError, type ErrorCode } from '#core'
import { afterRead, type ConnectionState, initialState, isNews } from './connection-state.ts'

const good = { fault: undefined }
const partial = { fault: { code: 'POINT_REFUSED', message: 'illegal address' } } as const
const failed = (code: ErrorCode) => ({ error: new BakewireError(code, code) })
type Outcome = Parameters<typeof afterRead>[1]

const run = (outcomes: readonly Outcome[]): ConnectionState => outcomes.reduce(afterRead, initialState)

describe('status after reads', () => {
  it.each<[string, Outcome[], ConnectionState['status'], number]>([
    ['nothing yet', [], 'connecting', 0],
    ['a good read', [good], 'connected', 0],
    ['a read with a refused point', [good, partial], 'degraded', 0],
    ['good again', [partial, good], 'connected', 0],
    ['never answered', [failed('TIMED_OUT')], 'disconnected', 1],
    ['one answer missing', [good, failed('TIMED_OUT')], 'degraded', 1],
    ['two answers missing', [good, failed('TIMED_OUT'), failed('TIMED_OUT')], 'disconnected', 2],
    ['busy, then gone', [good, failed('DEVICE_BUSY'), failed('UNREACHABLE')], 'disconnected', 2],
    ['plug pulled', [good, failed('UNREACHABLE')], 'disconnected', 1],
    ['wrong password', [good, failed('CREDENTIALS_REJECTED')], 'error', 1],
    ['garbage', [failed('PROTOCOL_VIOLATED')], 'error', 1],
    ['back after an outage', [failed('UNREACHABLE'), failed('UNREACHABLE'), good], 'connected', 0],
  ])('%s', (_, outcomes, status, failures) => {
    expect(run(outcomes)).toMatchObject({ status, failures })
  })
})

it.each([
  ['the same trouble again is no news', [failed('UNREACHABLE')], failed('UNREACHABLE'), false],
  ['another reason is news', [failed('UNREACHABLE')], failed('TIMED_OUT'), true],
  ['another good read is no news', [good], good, false],
  ['the first good read is news', [], good, true],
])('%s', (_, before, next, expected) => {
  const state = run(before)
  expect(isNews(state, afterRead(state, next))).toBe(expected)
})
