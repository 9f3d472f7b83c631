import { describe, expect, it } from 'vitest'
import { cycleStages, operationalStatuses } from '#core'
import { modes } from './kitchen-modes.ts'

describe('modes', () => {
  it.each([
    ['CombiSteamerMode', 11],
    ['OperationMode', 19],
    ['OperatingMode', 9],
  ])('%s has a meaning for each of its %d values', (name, count) => {
    expect(modes[name]).toHaveLength(count)
    for (const { operational_status, cycle_stage } of modes[name] ?? []) {
      expect(operationalStatuses).toContain(operational_status)
      expect(cycleStages).toContain(cycle_stage)
    }
  })

  it.each([
    ['CombiSteamerMode', 10, 'error', 'unknown'],
    ['OperationMode', 14, 'running', 'proofing'],
    ['OperationMode', 16, 'defrosting', 'defrost'],
    ['OperatingMode', 7, 'off', 'idle'],
  ])('%s %d is %s, %s', (name, value, operational_status, cycle_stage) => {
    expect(modes[name]?.[value]).toEqual({ operational_status, cycle_stage })
  })
})
