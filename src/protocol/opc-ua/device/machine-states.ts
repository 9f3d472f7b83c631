/** What a state or mode of a machine means in the words of the HTTP contract; the stage is absent where it is not told. */
export interface StateMeaning {
  readonly operational_status: string
  readonly cycle_stage?: string
}

const off: StateMeaning = { operational_status: 'off', cycle_stage: 'idle' }
const standby: StateMeaning = { operational_status: 'standby', cycle_stage: 'idle' }
const ready: StateMeaning = { operational_status: 'ready', cycle_stage: 'idle' }
const running: StateMeaning = { operational_status: 'running' }
const paused: StateMeaning = { operational_status: 'paused' }
const maintenance: StateMeaning = { operational_status: 'maintenance', cycle_stage: 'idle' }
const cleaning: StateMeaning = { operational_status: 'cleaning', cycle_stage: 'cleaning' }
const error: StateMeaning = { operational_status: 'error' }

/**
 * States by name, letters alone: MachineryItemState (OPC 40001-1), PackML (OPC 30050: the state machines below
 * BaseStateMachine) and what Weihenstephan adds to those (OPC 40600: Held and Suspended have states of their own).
 */
const states: Readonly<Record<string, StateMeaning>> = {
  notavailable: off,
  outofservice: error,
  notexecuting: ready,
  executing: running,

  aborting: error,
  aborted: error,
  clearing: error,
  cleared: standby,
  stopping: running,
  stopped: standby,
  resetting: standby,
  idle: ready,
  starting: running,
  running,
  execute: running,
  completing: running,
  complete: { operational_status: 'ready', cycle_stage: 'finished' },
  holding: paused,
  held: paused,
  unholding: paused,
  suspending: paused,
  suspended: paused,
  unsuspending: paused,

  operating: running,
  prepared: ready,
  lack: paused,
  lackbranchline: paused,
  tailback: paused,
  tailbackbranchline: paused,
  equipmentfailure: error,
  externalfailure: error,
  emergencystop: error,
}

/** States in which the machine below tells more: PackML nests one state machine in another. */
const outer: ReadonlySet<string> = new Set(['cleared', 'running', 'held', 'suspended'])

/** WS_Cur_State where it is a number: one bit each, from 1 on, as a public driver has them; of Holding and Held that is not confirmed. */
const weihenstephanStates = [
  'Stopped',
  'Starting',
  'Prepared',
  'Lack',
  'Tailback',
  'LackBranchLine',
  'TailbackBranchLine',
  'Operating',
  'Stopping',
  'Aborting',
  'EquipmentFailure',
  'ExternalFailure',
  'EmergencyStop',
  'Holding',
  'Held',
  'Idle',
] as const

/** What outweighs the state, by the variable that tells it, and by number or name. Others say no more than the state does. */
const outweighing: Readonly<Record<string, Readonly<Record<string, StateMeaning>>>> = {
  MachineryOperationMode: { maintenance, setup: maintenance },
  // ProductionMaintenanceModeEnum of OPC 30050: Invalid, Produce, Maintenance, Manual
  UnitModeCurrent: { '2': maintenance },
  // OPC 40600, 9.1: Off, Manual, Semi-automatic, Automatic
  WS_Cur_Mode: { '1': off },
  // OPC 40600, 9.2: Undefined, Production, Start Up, Run Down, Clean, Changeover, Maintenance, Break
  WS_Cur_Prog: { '8': cleaning, '16': maintenance, '32': maintenance, '64': standby },
}

const keyOf = (value: unknown) =>
  typeof value === 'string' ? value.toLowerCase().replace(/[^a-z]/g, '') : String(value)

/** The name of a state that may be told as a number; undefined where it is none. */
export function stateName(value: number | string | boolean): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value
  const bit = typeof value === 'number' ? Math.log2(value) : Number.NaN
  return Number.isInteger(bit) ? weihenstephanStates[bit] : undefined
}

/** The innermost of nested states, from the outermost on, that is active. */
export function activeState(names: readonly (string | undefined)[]): string | undefined {
  let active: string | undefined
  for (const name of names) {
    if (active !== undefined && !outer.has(keyOf(active))) break
    active = name ?? active
  }
  return active
}

export function meaningOfState(name: string): StateMeaning | undefined {
  const key = keyOf(name)
  return Object.hasOwn(states, key) ? states[key] : undefined
}

/** `variable`: MachineryOperationMode, UnitModeCurrent, WS_Cur_Mode, WS_Cur_Prog. */
export function meaningOfMode(variable: string, value: number | string | boolean): StateMeaning | undefined {
  const meanings = outweighing[variable] ?? {}
  const key = keyOf(value)
  return Object.hasOwn(meanings, key) ? meanings[key] : undefined
}
