import { BakewireError } from '#connector'
import type { Child } from '../browse-children.ts'
import type { NodeId, OpcUaServices } from '../opc-ua-services.ts'
import type { Limits } from '../open-channel.ts'
import type { Part } from './kitchen-points.ts'

const namespaces = {
  devices: 'http://opcfoundation.org/UA/DI/',
  kitchen: 'http://opcfoundation.org/UA/CommercialKitchenEquipment/',
} as const
/** DeviceSet (OPC 10000-100, 5.9). */
const deviceSet = { namespace: namespaces.devices, kind: 'i', identifier: '5001' } as const

/** Objects of a device that are looked into: parameters, chambers, batch, tariffs of a type that is not known. */
const partsMax = 50
const chamberName = /^Chamber_(\d{1,3})$/

/** Which of the devices it is. Throws where it is none of them. */
export type ChooseDevice = (devices: readonly Child[], limits: Limits) => Promise<Child>

/**
 * The parts of the kitchen device that the server has, by name where it has several. Throws POINT_REFUSED where the
 * configuration names none of them, VALUE_INVALID where there is none.
 */
export async function findDevice(
  services: OpcUaServices,
  which: string | undefined | ChooseDevice,
  limits: Limits,
): Promise<Part[]> {
  const devices = await listDevices(services, limits)
  const device = typeof which === 'function' ? await which(devices, limits) : chosen(devices, which)
  return partsOf(services, device.nodeId, limits)
}

/** The kitchen devices that the server has. Throws VALUE_INVALID where it does not know the models. */
export async function listDevices(services: OpcUaServices, limits: Limits): Promise<readonly Child[]> {
  const uris = await services.namespaces(limits)
  const set = services.nodeId(deviceSet)
  const kitchen = uris.indexOf(namespaces.kitchen)
  if (set === undefined || kitchen < 0) {
    throw new BakewireError(
      'VALUE_INVALID',
      'the server has no kitchen devices (OPC 30200): points must say what to read',
    )
  }
  const own = uris.indexOf(namespaces.devices)
  // What stands there with a name of the device model itself is no device, but tells of devices.
  return (await services.browse(set, limits)).filter(
    ({ isVariable, namespaceIndex }) => !isVariable && namespaceIndex !== own && namespaceIndex !== 0,
  )
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

async function partsOf(services: OpcUaServices, device: NodeId, limits: Limits): Promise<Part[]> {
  const children = await services.browse(device, limits)
  const parts: Part[] = [{ chamber: undefined, variables: children.filter(({ isVariable }) => isVariable) }]
  for (const child of children.filter(({ isVariable }) => !isVariable).slice(0, partsMax)) {
    const number = chamberName.exec(child.name)?.[1]
    const variables = (await services.browse(child.nodeId, limits)).filter(({ isVariable }) => isVariable)
    parts.push({ chamber: number === undefined ? undefined : Number(number), variables })
  }
  return parts
}
