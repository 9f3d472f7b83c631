import { BakewireError } from '#connector'
import { type Child, type Limits, listDevices, type OpcUaServices } from '#protocol/opc-ua'

/** A unit of the account, as the server shows it. */
export interface Unit {
  readonly device: Child
  /** What stands behind `…Device_` in its name. */
  readonly id: string
  /** Undefined where the server does not tell it. */
  readonly serial: string | undefined
}

/** The documented bound of an account ("OPC UA Interface in ConnectedCooking", 4). */
const unitsMax = 10
/** Names that may stand in a message: what a server sends could be anything. */
const plain = /^[\w .-]{1,60}$/

/** The units of the account, each with its serial number. */
async function listUnits(services: OpcUaServices, devices: readonly Child[], limits: Limits): Promise<readonly Unit[]> {
  const serials: (Child | undefined)[] = []
  for (const device of devices) {
    const children = await services.browse(device.nodeId, limits)
    serials.push(children.find(({ name, isVariable }) => isVariable && name === 'SerialNumber'))
  }
  const told = serials.flatMap((child) => (child ? [{ nodeId: child.nodeId }] : []))
  const values = (await services.read(told, limits)).values()
  return devices.map((device, index) => {
    const value = serials[index] && values.next().value?.value?.value
    return {
      device,
      id: device.name.replace(/^.*Device_/, ''),
      serial: typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined,
    }
  })
}

/** The unit that `unit_id` names. Throws POINT_REFUSED, with those that there are, where it names none or is missing. */
function chosenUnit(units: readonly Unit[], unitId: string | undefined): Unit {
  const isNamed = (unit: Unit) => unitId === undefined || namesOf(unit).some((name) => keyOf(name) === keyOf(unitId))
  const [unit, ...others] = units.filter(isNamed)
  if (unit && others.length === 0) return unit
  if (units.length === 0) throw new BakewireError('POINT_REFUSED', 'the account shows no units on the OPC UA server')
  const needed = unitId === undefined ? 'must say which of the units' : 'is none of the units'
  const bound =
    units.length >= unitsMax ? `; the server shows no more than ${unitsMax} of an account, this may be another one` : ''
  const message = `additional_config.unit_id ${needed} that the account shows: ${units.map(nameOf).join(', ')}${bound}`
  throw new BakewireError('POINT_REFUSED', message)
}

function nameOf({ id, serial }: Unit): string {
  const [idText, serialText] = [id, serial].map((text) => (text !== undefined && plain.test(text) ? text : undefined))
  if (idText === undefined) return serialText ?? 'one without a readable name'
  return serialText === undefined ? idText : `${idText} (${serialText})`
}

const namespace = 'http://connectedcooking.com/OPCUA/'

/** Node ids follow a documented pattern: the unit's, and the path below it. */
export function nodeOf({ device }: Unit, path: string): string {
  const { value: identifier } = device.nodeId
  return `nsu=${namespace};s=${typeof identifier === 'string' ? identifier : device.name}/${path}`
}

/** The units of a link: looked up together, and again for one that is not among them any more. */
export interface Units {
  /** All of them, as they are now. */
  list(limits: Limits): Promise<readonly Unit[]>
  find(unitId: string | undefined, limits: Limits): Promise<Unit>
  /** The same among devices that were listed just now. */
  choose(unitId: string | undefined, devices: readonly Child[], limits: Limits): Promise<Unit>
  /** What was found is no longer there. */
  forget(unitId: string | undefined): void
}

export function createUnits(services: OpcUaServices): Units {
  let all: readonly Unit[] = []
  /** By each of their names; that of one that needs no name is empty. */
  const known = new Map<string, Unit>()

  /** One that is refused at each poll costs no more than the list of names, once all serial numbers are known. */
  const lookUp = async (devices: readonly Child[], limits: Limits): Promise<readonly Unit[]> => {
    const isAsBefore = devices.length === all.length && devices.every(({ name }, at) => name === all[at]?.device.name)
    if (isAsBefore && all.every(({ serial }) => serial !== undefined)) return all
    all = await listUnits(services, devices, limits)
    known.clear()
    for (const unit of all) {
      for (const name of namesOf(unit)) known.set(keyOf(name), unit)
    }
    return all
  }

  const units: Units = {
    list: async (limits) => lookUp(await listDevices(services, limits), limits),
    async find(unitId, limits) {
      return known.get(keyOf(unitId)) ?? units.choose(unitId, await listDevices(services, limits), limits)
    },
    async choose(unitId, devices, limits) {
      const before = unitId === undefined ? undefined : known.get(keyOf(unitId))
      if (before && devices.some(({ name }) => name === before.device.name)) return before
      const unit = chosenUnit(await lookUp(devices, limits), unitId)
      known.set(keyOf(unitId), unit)
      return unit
    },
    forget(unitId) {
      known.delete(keyOf(unitId))
      all = []
    },
  }
  return units
}

function namesOf({ id, serial, device }: Unit): string[] {
  return [id, device.name, ...(serial === undefined ? [] : [serial])]
}

function keyOf(unitId = ''): string {
  return unitId.trim().toLowerCase()
}
