import { placeOf } from '#core'
import type { Child } from '../browse-children.ts'
import { type KitchenPart, kitchenPart } from './kitchen-parts.ts'
import { type KitchenPoint, kitchenPoints } from './kitchen-points.ts'
import { stateNames } from './state-names.ts'

/** An object of a device, by the browse names that lead to it: none for the device itself. */
export interface DeviceObject {
  readonly path: readonly string[]
  readonly variables: readonly Child[]
}

/** What stands below ErrorConditions: whether each is active. */
export interface ErrorCondition {
  readonly name: string
  readonly active: Child
}

export interface DeviceContents {
  readonly objects: readonly DeviceObject[]
  readonly conditions: readonly ErrorCondition[]
  /** URIs by index, in this session. */
  readonly namespaces: readonly string[]
}

/** How a variable of a device is read, and what for. Each has a metric of its own, several of which become one in a reading. */
export interface DevicePoint extends Omit<KitchenPoint, 'reading'> {
  /**
   * `state`: of nested state machines, the outermost first. `item state`: where there are no others. `outweighs`: a mode that
   * says more than the state. `node` and `number`: of the state that another point tells in words. `condition`: true is an error.
   */
  readonly reading: KitchenPoint['reading'] | 'state' | 'item state' | 'outweighs' | 'node' | 'number' | 'condition'
  /** Of a mode or condition: which one it is. */
  readonly name?: string
  /** Of the node or number of a state: the metric of its words, and the name of each state. */
  readonly state?: { readonly metric: string; readonly names: ReadonlyMap<string, string> }
  readonly isHaccp: boolean
}

const haccpName = 'HACCPValues'
/** Nameplates of OPC 10000-100 and OPC 40001-1. */
const nameplate: Readonly<Record<string, string>> = {
  Manufacturer: 'additional.manufacturer',
  Model: 'additional.model',
  SerialNumber: 'additional.serial_number',
}
const nameplates: ReadonlySet<string | undefined> = new Set([undefined, 'Identification'])
const modeVariables: Readonly<Record<string, string>> = {
  UnitModeCurrent: 'additional.unit_mode',
  WS_Cur_Mode: 'additional.operating_mode',
  WS_Cur_Prog: 'additional.program',
}
/** What tells the state of a machine (OPC 10000-16, 4.4.3), by the path from its object. */
export const stateVariables = { words: 'CurrentState', node: 'CurrentState/Id', number: 'CurrentState/Number' } as const
/** State machines in each other (OPC 30050; HeldState and SuspendedState: OPC 40600). */
const stateMachines = [
  'WS_Cur_State',
  'BaseStateMachine',
  'MachineState',
  'ExecuteState',
  'HeldState',
  'SuspendedState',
]

/** The points of a device, by the models that its objects and variables are named after. */
export function devicePoints({ objects, conditions, namespaces }: DeviceContents): DevicePoint[] {
  const haccp = objects.filter(({ path }) => path.at(-1) === haccpName).flatMap(({ variables }) => variables)
  const haccpIds = new Set(haccp.map(idOf))
  const found: Omit<DevicePoint, 'isHaccp'>[] = [
    ...kitchenPoints(objects.flatMap(partOf)),
    ...nameplatePoints(objects),
    ...statePoints(objects, namespaces),
    ...conditions.map(({ name, active }, index) => ({
      metric: `additional.error_condition_${index}`,
      child: active,
      reading: 'condition' as const,
      name,
    })),
  ]
  const known = new Set(found.map(({ child }) => idOf(child)))
  for (const child of haccp) {
    const metric = `additional.haccp_${snake(child.name)}`
    if (!known.has(idOf(child)) && placeOf(metric)) found.push({ metric, child, reading: 'as it is' })
  }
  const points = new Map<string, DevicePoint>()
  for (const point of found) {
    if (!points.has(point.metric)) points.set(point.metric, { ...point, isHaccp: haccpIds.has(idOf(point.child)) })
  }
  return [...points.values()]
}

function partOf({ path, variables }: DeviceObject): KitchenPart[] {
  const [name, ...further] = path
  return further.length > 0 || name === haccpName ? [] : [kitchenPart(name, variables)]
}

function nameplatePoints(objects: readonly DeviceObject[]): Omit<DevicePoint, 'isHaccp'>[] {
  return objects
    .filter(({ path }) => nameplates.has(path.at(-1)))
    .flatMap(({ variables }) =>
      variables.flatMap((child) => {
        const metric = Object.hasOwn(nameplate, child.name) ? nameplate[child.name] : undefined
        return metric === undefined ? [] : [{ metric, child, reading: 'as it is' as const }]
      }),
    )
}

function statePoints(objects: readonly DeviceObject[], namespaces: readonly string[]): Omit<DevicePoint, 'isHaccp'>[] {
  const variable = (name: string) =>
    objects.flatMap(({ variables }) => variables.find((child) => child.name === name) ?? [])[0]
  const points: Omit<DevicePoint, 'isHaccp'>[] = []
  const add = (child: Child | undefined, rest: Omit<DevicePoint, 'isHaccp' | 'child'>) => {
    if (child) points.push({ ...rest, child })
  }
  const addMachine = (machine: string, rest: Omit<DevicePoint, 'isHaccp' | 'child'>) => {
    const variables = objects.find(({ path }) => path.at(-1) === machine)?.variables ?? []
    const named = (name: string) => variables.find((child) => child.name === name)
    const { metric } = rest
    const { byNode, byNumber } = stateNames(machine, namespaces)
    add(named(stateVariables.words), rest)
    add(named(stateVariables.node), { metric: `${metric}_node`, reading: 'node', state: { metric, names: byNode } })
    add(named(stateVariables.number), { metric: `${metric}_nr`, reading: 'number', state: { metric, names: byNumber } })
  }
  addMachine('MachineryItemState', { metric: 'additional.item_state', reading: 'item state' })
  add(variable('WS_Cur_State'), { metric: 'additional.state_number', reading: 'state' })
  for (const [depth, name] of stateMachines.entries()) {
    addMachine(name, { metric: `additional.state_${depth}`, reading: 'state' })
  }
  const mode = 'MachineryOperationMode'
  addMachine(mode, { metric: 'additional.operation_mode', reading: 'outweighs', name: mode })
  for (const [name, metric] of Object.entries(modeVariables)) {
    add(variable(name), { metric, reading: 'outweighs', name })
  }
  return points
}

/** One node, wherever it is found. */
function idOf({ nodeId }: Child): string {
  return `${nodeId.namespace}:${nodeId.identifierType}:${String(nodeId.value)}`
}

function snake(name: string): string {
  return name
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .slice(0, 50)
}
