import { BakewireError } from '#connector'
import type { Child } from '../browse-children.ts'
import type { NodeId, OpcUaServices } from '../opc-ua-services.ts'
import type { Limits } from '../open-channel.ts'
import { type DeviceContents, type DeviceObject, type ErrorCondition, stateVariables } from './device-points.ts'

/** What holds devices: DeviceSet (OPC 10000-100, 5.9), Machines (OPC 40001-1), PackMLObjects (OPC 30050). */
const sets = [
  { namespace: 'http://opcfoundation.org/UA/DI/', kind: 'i', identifier: '5001' },
  { namespace: 'http://opcfoundation.org/UA/Machinery/', kind: 'i', identifier: '1001' },
  { namespace: 'http://opcfoundation.org/UA/PackML/', kind: 'i', identifier: '72' },
] as const

/** Objects of a device that are looked into: parameters, chambers, batch, tariffs of a type that is not known. */
const objectsMax = 60
/** MachineryBuildingBlocks, BaseStateMachine, MachineState, ExecuteState, HeldState below OperatingStates. */
const depthMax = 6
const conditionsMax = 100
/** Objects that lead on below those of the device itself. */
const furtherObjects: ReadonlySet<string> = new Set([
  'Identification',
  'Status',
  'MachineryItemState',
  'MachineryOperationMode',
  'WS_Cur_State',
  'BaseStateMachine',
  'MachineState',
  'ExecuteState',
  'HeldState',
  'SuspendedState',
])

/** Which of the devices it is. Throws where it is none of them. */
export type ChooseDevice = (devices: readonly Child[], limits: Limits) => Promise<Child>

/**
 * What stands in the device that the server has, by name where it has several. Throws POINT_REFUSED where the
 * configuration names none of them, VALUE_INVALID where there is none.
 */
export async function findDevice(
  services: OpcUaServices,
  which: string | undefined | ChooseDevice,
  limits: Limits,
): Promise<DeviceContents> {
  const devices = await listDevices(services, limits)
  const device = typeof which === 'function' ? await which(devices, limits) : chosen(devices, which)
  return contentsOf(services, device.nodeId, limits)
}

/** The devices that the server has, of all models. Throws VALUE_INVALID where it does not know the models. */
export async function listDevices(services: OpcUaServices, limits: Limits): Promise<readonly Child[]> {
  const uris = await services.namespaces(limits)
  const known = sets.flatMap((set) => {
    const nodeId = services.nodeId(set)
    return nodeId ? { nodeId, own: uris.indexOf(set.namespace) } : []
  })
  if (known.length === 0) {
    throw new BakewireError(
      'VALUE_INVALID',
      'the server has no devices that describe themselves (OPC 10000-100, 40001, 30050): points must say what to read',
    )
  }
  const devices = new Map<string, Child>()
  for (const { nodeId, own } of known) {
    for (const child of await services.browse(nodeId, limits)) {
      // What stands there with a name of the model itself is no device, but tells of devices; a machine may stand in two sets.
      const isDevice = !child.isVariable && child.namespaceIndex !== own && child.namespaceIndex !== 0
      const { namespace, identifierType, value } = child.nodeId
      if (isDevice) devices.set(`${namespace}:${identifierType}:${String(value)}`, child)
    }
  }
  return [...devices.values()]
}

function chosen(devices: readonly Child[], name: string | undefined): Child {
  const wanted = name === undefined ? devices : devices.filter((device) => device.name === name)
  const [device, ...others] = wanted
  if (device && others.length === 0) return device
  if (name === undefined && !device) throw new BakewireError('VALUE_INVALID', 'the server has no devices now')
  const told = device
    ? `must name one of the ${wanted.length} devices that the server has`
    : `names none of the devices that the server has (${devices.length})`
  throw new BakewireError('POINT_REFUSED', `additional_config.device ${told}`)
}

async function contentsOf(services: OpcUaServices, device: NodeId, limits: Limits): Promise<DeviceContents> {
  const objects: DeviceObject[] = []
  const conditions: { name: string; start: NodeId }[] = []
  const waiting: { path: readonly string[]; nodeId: NodeId }[] = [{ path: [], nodeId: device }]
  for (let at = waiting.shift(); at && objects.length < objectsMax; at = waiting.shift()) {
    const { path } = at
    const children = await (path.length === 0 ? services.browse(at.nodeId, limits) : shownBelow(services, at, limits))
    const below = children.filter(({ isVariable }) => !isVariable)
    if (path.at(-1) === 'ErrorConditions') {
      conditions.push(...below.map(({ name, nodeId }) => ({ name, start: nodeId })))
      continue
    }
    objects.push({ path, variables: children.filter(({ isVariable }) => isVariable) })
    for (const { name, nodeId } of below) {
      if (path.length < depthMax && isLookedInto(name, path)) waiting.push({ path: [...path, name], nodeId })
    }
  }
  return {
    objects: await withStates(services, objects, limits),
    conditions: await activeConditions(services, conditions.slice(0, conditionsMax), limits),
    namespaces: await services.namespaces(),
  }
}

/** With the node and the number of each state, which stand below its text. */
async function withStates(
  services: OpcUaServices,
  objects: readonly DeviceObject[],
  limits: Limits,
): Promise<DeviceObject[]> {
  const wanted = objects.flatMap((object) => {
    const words = object.variables.find(({ name }) => name === stateVariables.words)
    return words ? [stateVariables.node, stateVariables.number].map((name) => ({ object, words, name })) : []
  })
  const nodes = await services.translate(
    wanted.map(({ words, name }) => ({
      start: words.nodeId,
      steps: name
        .split('/')
        .slice(1)
        .map((step) => ({ namespaceIndex: 0, name: step })),
    })),
    limits,
  )
  return objects.map((object) => {
    const found = wanted.flatMap(({ object: of, name }, index): Child[] => {
      const nodeId = of === object ? nodes[index] : undefined
      return nodeId ? [{ nodeId, name, namespaceIndex: 0, isVariable: true, isProperty: true }] : []
    })
    return { ...object, variables: [...object.variables, ...found] }
  })
}

/** What this user may not see of a device is left out for good; what cannot be told now would be missing for the whole session. */
async function shownBelow(services: OpcUaServices, { nodeId }: { readonly nodeId: NodeId }, limits: Limits) {
  return services.browse(nodeId, limits).catch((error: unknown): readonly Child[] => {
    if (error instanceof BakewireError && error.code === 'POINT_REFUSED') return []
    throw error
  })
}

function isLookedInto(name: string, path: readonly string[]): boolean {
  return path.length === 0 || furtherObjects.has(name)
}

/** ActiveState/Id of an alarm (OPC 10000-9, 5.8.2); what has none is no alarm. */
async function activeConditions(
  services: OpcUaServices,
  conditions: readonly { name: string; start: NodeId }[],
  limits: Limits,
): Promise<ErrorCondition[]> {
  const steps = ['ActiveState', 'Id'].map((name) => ({ namespaceIndex: 0, name }))
  const found = await services.translate(
    conditions.map(({ start }) => ({ start, steps })),
    limits,
  )
  return conditions.flatMap(({ name }, index) => {
    const nodeId = found[index]
    return nodeId ? { name, active: { nodeId, name: 'Id', namespaceIndex: 0, isVariable: true, isProperty: true } } : []
  })
}
