import { describe, expect, test } from 'vitest'
import { dueSignal } from './cluster-processes.ts'

describe('dueSignal', () => {
  test.each([
    [0, 'SIGINT'],
    [2_999, 'SIGINT'],
    [3_000, 'SIGQUIT'],
    [4_999, 'SIGQUIT'],
    [5_000, 'SIGKILL'],
    [60_000, 'SIGKILL'],
  ])('after %i ms is %s', (elapsedMs, signal) => {
    expect(dueSignal(elapsedMs)).toBe(signal)
  })
})
