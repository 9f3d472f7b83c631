import { describe, expect, it } from 'vitest'
import { activeState, meaningOfMode, meaningOfState, stateName } from './machine-states.ts'

describe('a state', () => {
  it.each([
    ['Execute', 'running', undefined],
    ['Lack Branch Line', 'paused', undefined],
    ['LackBranchLine', 'paused', undefined],
    ['EMERGENCY_STOP', 'error', undefined],
    ['Complete', 'ready', 'finished'],
    ['Stopped', 'standby', 'idle'],
    ['NotAvailable', 'off', 'idle'],
    ['OutOfService', 'error', undefined],
    ['NotExecuting', 'ready', 'idle'],
  ])('%s is %s', (name, operational_status, cycle_stage) => {
    expect(meaningOfState(name)).toEqual({ operational_status, ...(cycle_stage ? { cycle_stage } : {}) })
  })

  it.each(['', 'Baking', 'constructor', '__proto__', 'execute2x'])('"%s" has no meaning', (name) => {
    expect(meaningOfState(name)).toBeUndefined()
  })

  it.each([
    ['Held', 'Held'],
    ['', undefined],
    [1, 'Stopped'],
    [2, 'Starting'],
    [128, 'Operating'],
    [1_024, 'EquipmentFailure'],
    [32_768, 'Idle'],
    [0, undefined],
    [3, undefined],
    [-1, undefined],
    [0.5, undefined],
    [65_536, undefined],
    [Number.NaN, undefined],
    [Number.POSITIVE_INFINITY, undefined],
    [true, undefined],
  ])('that is told as %s is named %s', (told, name) => {
    expect(stateName(told)).toBe(name)
  })
})

describe('of states in each other', () => {
  it.each<[string, (string | undefined)[], string | undefined]>([
    ['none', [], undefined],
    ['none that is active', [undefined, undefined], undefined],
    ['the only one', ['Idle'], 'Idle'],
    ['the innermost', ['Cleared', 'Running', 'Execute'], 'Execute'],
    ['the innermost that is active', ['Cleared', 'Running', undefined], 'Running'],
    ['what is below one that is not active', ['Cleared', undefined, 'Held', 'EquipmentFailure'], 'EquipmentFailure'],
    ['the outer one where it holds whatever is below', ['Aborted', 'Running', 'Execute'], 'Aborted'],
    ['an inner one that holds whatever is below', ['Cleared', 'Stopped', 'Execute'], 'Stopped'],
    ['the first that is known', [undefined, 'Suspended', 'Tailback'], 'Tailback'],
  ])('%s counts', (_name, names, active) => {
    expect(activeState(names)).toBe(active)
  })
})

describe('a mode', () => {
  it.each<[string, number | string | boolean, string | undefined]>([
    ['MachineryOperationMode', 'Maintenance', 'maintenance'],
    ['MachineryOperationMode', 'Setup', 'maintenance'],
    ['MachineryOperationMode', 'Processing', undefined],
    ['UnitModeCurrent', 2, 'maintenance'],
    ['UnitModeCurrent', 1, undefined],
    ['WS_Cur_Mode', 1, 'off'],
    ['WS_Cur_Mode', 8, undefined],
    ['WS_Cur_Prog', 8, 'cleaning'],
    ['WS_Cur_Prog', 64, 'standby'],
    ['WS_Cur_Prog', 1, undefined],
    ['WS_Cur_Prog', true, undefined],
    ['WS_Cur_Prog', 'constructor', undefined],
    ['Other', 2, undefined],
  ])('%s of %s means %s beside the state', (variable, value, operational_status) => {
    const meaning = meaningOfMode(variable, value)
    if (operational_status === undefined) expect(meaning).toBeUndefined()
    else expect(meaning).toMatchObject({ operational_status })
  })
})
