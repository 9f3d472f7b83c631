import {
  type AddressSpace,
  type BaseNode,
  coerceInt64,
  coerceNodeId,
  DataType,
  DataValue,
  makeEUInformation,
  type Namespace,
  Range,
  StatusCode,
  StatusCodes,
  type UAObject,
  type UAVariable,
  Variant,
  VariantArrayType,
} from 'node-opcua'
import type { OpcUaEquipment, OpcUaVariable } from './opc-ua-equipment.ts'

/** Puts what the description says into a server, in namespaces of its own; `load` replaces it. */
export function fillAddressSpace(addressSpace: AddressSpace, equipment: OpcUaEquipment) {
  for (const uri of equipment.other_namespaces) addressSpace.registerNamespace(uri)
  const namespace = addressSpace.registerNamespace(equipment.namespace)
  let isRefusing = false
  let made: BaseNode[] = []
  /** What variables hold since they were changed, by node. */
  let values = new Map<string, OpcUaVariable['value']>()
  const isRefused = () => isRefusing

  const load = ({ objects, variables, devices = [] }: Pick<OpcUaEquipment, 'objects' | 'variables' | 'devices'>) => {
    for (const node of made.toReversed()) addressSpace.deleteNode(node)
    values = new Map()
    const holding = values
    const heldBy = ({ node, value }: OpcUaVariable) => (holding.has(node) ? (holding.get(node) ?? null) : value)
    const machine = namespace.addObject({
      organizedBy: addressSpace.rootFolder.objects,
      browseName: 'Machine',
      nodeId: 's=Machine',
    })
    const byNode = new Map<string, BaseNode>([['s=Machine', machine]])
    const parentOf = (node = 's=Machine') => byNode.get(node) as UAObject
    for (const { node, name, parent } of objects) {
      byNode.set(node, namespace.addObject({ componentOf: parentOf(parent), browseName: name, nodeId: node }))
    }
    for (const { node, organizes } of objects) {
      for (const held of organizes) {
        byNode.get(node)?.addReference({ referenceType: 'Organizes', nodeId: parentOf(held).nodeId })
      }
    }
    for (const variable of variables)
      byNode.set(
        variable.node,
        addVariable(namespace, { variable, parent: parentOf(variable.parent), isRefused, heldBy }),
      )
    for (const device of devices) addDevice(namespace, { device, byNode, isRefused, heldBy })
    made = [...byNode.values()]
  }
  load(equipment)
  return {
    load,
    /** Gives a variable another value; it stays the same node. */
    change: (node: string, value: OpcUaVariable['value']) => void values.set(node, value),
    refuse(given: boolean) {
      isRefusing = given
    },
  }
}

type Device = NonNullable<OpcUaEquipment['devices']>[number]

const places = {
  DeviceSet: { set: 'DI', identifier: 5001, model: 'CommercialKitchenEquipment' },
  Machines: { set: 'Machinery', identifier: 1001, model: 'Machinery' },
  PackMLObjects: { set: 'PackML', identifier: 72, model: 'PackML' },
} as const
/** Names that alarms and, but in kitchen equipment, state machines have from OPC UA itself. */
const ofOpcUa: ReadonlySet<string> = new Set(['ActiveState', 'Id', 'Number'])

/** With the browse names of its model, and ids of the machine's own. */
function addDevice(
  namespace: Namespace,
  { device, byNode, ...how }: { device: Device; byNode: Map<string, BaseNode> } & Held,
) {
  const { addressSpace } = namespace
  const indexOf = (uri: string) => addressSpace.getNamespaceIndex(`http://opcfoundation.org/UA/${uri}/`)
  const { set, identifier, model } = places[device.below]
  const deviceSet = addressSpace.findNode(`ns=${indexOf(set)};i=${identifier}`) as UAObject
  const isOfOpcUa = (name: string) => ofOpcUa.has(name) || (name === 'CurrentState' && device.below !== 'DeviceSet')
  const nameOf = (name: string) => ({ name, namespaceIndex: isOfOpcUa(name) ? 0 : indexOf(model) })
  const objectAt = (path: readonly string[]): UAObject => {
    const nodeId = `s=${path.join('/')}`
    const known = byNode.get(nodeId)
    if (known) return known as UAObject
    const [name = '', ...above] = path.toReversed()
    const isDevice = above.length === 0
    const made = namespace.addObject({
      componentOf: isDevice ? deviceSet : objectAt(above.toReversed()),
      browseName: isDevice ? { name, namespaceIndex: namespace.index } : nameOf(name),
      nodeId,
    })
    byNode.set(nodeId, made)
    return made
  }
  /** `Machinery;i=5006` is a node of that model. */
  const resolved = (value: OpcUaVariable['value'], type: string) => {
    const [, uri = '', node] = (type === 'NodeId' && /^(\w+);(.*)$/.exec(String(value))) || []
    return node === undefined ? value : `ns=${indexOf(uri)};${node}`
  }
  const heldBy = (variable: OpcUaVariable) => resolved(how.heldBy(variable), variable.type)
  objectAt([device.name])
  for (const { path, ...variable } of device.variables) {
    const whole = [device.name, ...path]
    const node = `s=${whole.join('/')}`
    const name = nameOf(path.at(-1) ?? '')
    const parent = objectAt(whole.slice(0, -1))
    byNode.set(node, addVariable(namespace, { variable: { ...variable, node }, name, parent, ...how, heldBy }))
  }
  for (const path of device.haccp) {
    const { nodeId } = objectAt([device.name, ...path])
    objectAt([device.name, 'HACCPValues']).addReference({ referenceType: 'Organizes', nodeId })
  }
}

interface Held {
  readonly isRefused: () => boolean
  readonly heldBy: (variable: OpcUaVariable) => OpcUaVariable['value']
}

interface Added extends Held {
  readonly variable: OpcUaVariable
  /** Default: what the variable says. */
  readonly name?: { readonly name: string; readonly namespaceIndex: number }
  readonly parent: UAObject
}

function addVariable(namespace: Namespace, { variable, name: given, parent, isRefused, heldBy }: Added): BaseNode {
  const { node, name = node.replace(/^.=/, ''), type, words, unit, range } = variable
  const dataType = words ? enumerationOf(namespace, name, words) : type
  // What is written or kept is the server's own affair.
  const isStored = variable.writable || variable.history !== undefined
  const added = namespace.addVariable({
    componentOf: parent,
    nodeId: node,
    browseName: given ?? name,
    dataType,
    minimumSamplingInterval: 100,
    valueRank: Array.isArray(variable.value) ? 1 : -1,
    ...(isStored ? { accessLevel: accessOf(variable), userAccessLevel: accessOf(variable) } : {}),
    value: isStored
      ? (dataValueOf(variable).value ?? new Variant())
      : {
          timestamped_get: () =>
            isRefused()
              ? new DataValue({ statusCode: StatusCodes.BadNodeIdUnknown })
              : dataValueOf({ ...variable, value: heldBy(variable) }),
        },
  })
  if (variable.history) keep(added, variable, variable.history)
  if (unit !== undefined) {
    namespace.addVariable({
      propertyOf: added,
      browseName: { name: 'EngineeringUnits', namespaceIndex: 0 },
      dataType: 'EUInformation',
      value: { dataType: DataType.ExtensionObject, value: makeEUInformation(unit, unit, unit) },
    })
  }
  if (range !== undefined) {
    const [low, high] = range
    namespace.addVariable({
      propertyOf: added,
      browseName: { name: 'EURange', namespaceIndex: 0 },
      dataType: 'Range',
      value: { dataType: DataType.ExtensionObject, value: new Range({ low, high }) },
    })
  }
  return added
}

function accessOf({ writable, history }: OpcUaVariable): string {
  return ['CurrentRead', ...(writable ? ['CurrentWrite'] : []), ...(history ? ['HistoryRead'] : [])].join(' | ')
}

function keep(added: UAVariable, variable: OpcUaVariable, history: NonNullable<OpcUaVariable['history']>): void {
  added.addressSpace.installHistoricalDataNode(added, { maxOnlineValues: history.length + 1 })
  for (const [time, value] of history) {
    const { value: variant, statusCode } = dataValueOf({ ...variable, value })
    added.setValueFromSource(variant ?? new Variant(), statusCode, new Date(time))
  }
}

function enumerationOf(namespace: Namespace, name: string, words: NonNullable<OpcUaVariable['words']>) {
  const browseName = `${name}Enumeration`
  const enumeration = Array.isArray(words)
    ? words
    : Object.entries(words).map(([displayName, value]) => ({ displayName, value }))
  const known = namespace.addressSpace.findDataType(browseName, namespace.index)
  return (known ?? namespace.addEnumerationType({ browseName, enumeration })).nodeId
}

function dataValueOf({ type, value, status, source_time }: OpcUaVariable): DataValue {
  const dataType = DataType[type as keyof typeof DataType]
  const variant =
    value === null
      ? new Variant({ dataType: DataType.Null })
      : Array.isArray(value)
        ? new Variant({
            dataType,
            arrayType: VariantArrayType.Array,
            value: value.map((element) => encoded(type, element)),
          })
        : new Variant({ dataType, arrayType: VariantArrayType.Scalar, value: encoded(type, value) })
  return new DataValue({
    value: variant,
    statusCode: statusOf(status),
    sourceTimestamp: source_time === undefined ? null : new Date(source_time),
  })
}

function statusOf(name: string): StatusCode {
  const found: unknown = Reflect.get(StatusCodes, name)
  if (!(found instanceof StatusCode)) throw new Error(`${name} is no status code`)
  return found
}

function encoded(type: string, value: unknown): unknown {
  if (type === 'Int64' || type === 'UInt64') return coerceInt64(String(value))
  if (type === 'Float' || type === 'Double') return Number(value)
  if (type === 'NodeId') return coerceNodeId(String(value))
  if (type === 'DateTime') return new Date(String(value))
  return type === 'LocalizedText' ? { text: String(value) } : value
}
