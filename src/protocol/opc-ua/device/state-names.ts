/** What tells a state whatever language its text is in: the node of the state, or its number. */
export interface StateNames {
  /** By index of the namespace and number of the node, `4;5006`. */
  readonly byNode: ReadonlyMap<string, string>
  /** By StateNumber; of states of other machines they are others. */
  readonly byNumber: ReadonlyMap<string, string>
}

/** Nodes of states in the types of their state machines, by the name of the state. */
const nodes: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'http://opcfoundation.org/UA/Machinery/': {
    OutOfService: 5004,
    NotAvailable: 5005,
    Executing: 5006,
    NotExecuting: 5007,
    None: 5024,
    Maintenance: 5025,
    Processing: 5026,
    Setup: 5027,
  },
  'http://opcfoundation.org/UA/PackML/': {
    Resetting: 27,
    Idle: 28,
    Starting: 29,
    Suspending: 30,
    Suspended: 31,
    Unsuspending: 32,
    Holding: 33,
    Held: 34,
    Unholding: 35,
    Execute: 36,
    Completing: 37,
    Complete: 38,
    Stopped: 53,
    Stopping: 54,
    Clearing: 55,
    Aborting: 61,
    Aborted: 62,
    Cleared: 71,
    Running: 75,
  },
  'http://opcfoundation.org/UA/Weihenstephan/': {
    EquipmentFailure: 5012,
    ExternalFailure: 5014,
    Lack: 5016,
    LackBranchLine: 5018,
    Prepared: 5020,
    Tailback: 5022,
    TailbackBranchLine: 5024,
    Held: 5028,
    Suspended: 5029,
  },
}

const itemStates = ['NotAvailable', 'OutOfService', 'NotExecuting', 'Executing']
const operationModes = ['None', 'Maintenance', 'Setup', 'Processing']
/** PackML numbers the states of all its machines together. */
const packMl = [
  undefined,
  'Clearing',
  'Stopped',
  'Starting',
  'Idle',
  'Suspended',
  'Execute',
  'Stopping',
  'Aborting',
  'Aborted',
  'Holding',
  'Held',
  'Unholding',
  'Suspending',
  'Unsuspending',
  'Resetting',
  'Completing',
  'Complete',
  'Running',
  'Cleared',
]
const numbers: Readonly<Record<string, readonly (string | undefined)[]>> = {
  MachineryItemState: itemStates,
  MachineryOperationMode: operationModes,
  WS_Cur_State: packMl,
  BaseStateMachine: packMl,
  MachineState: packMl,
  ExecuteState: packMl,
}

/** Of a state machine, by the name of its object (OPC 40001-1, OPC 30050, OPC 40600); `namespaces`: URIs by index. */
export function stateNames(machine: string, namespaces: readonly string[]): StateNames {
  const byNode = Object.entries(nodes).flatMap(([uri, states]) => {
    const index = namespaces.indexOf(uri)
    return index < 0 ? [] : Object.entries(states).map(([name, node]) => [`${index};${node}`, name] as const)
  })
  const known = Object.hasOwn(numbers, machine) ? (numbers[machine] ?? []) : []
  const byNumber = known.flatMap((name, number) => (name === undefined ? [] : [[String(number), name] as const]))
  return { byNode: new Map(byNode), byNumber: new Map(byNumber) }
}
