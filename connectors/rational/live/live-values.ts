import type { Sample } from '#connector'
import {
  type AddressedPoint,
  createDevice,
  createNodeDirectory,
  type Device,
  type Limits,
  type OpcUaClient,
  readPoints,
} from '#protocol/opc-ua'
import type { RationalPoint, RationalTarget } from '../schemas.ts'
import { listVariables, type UnitVariable } from './list-variables.ts'
import { createUnits, nodeOf, type Unit } from './units.ts'

type ReadLimits = Limits & { readonly now: () => number }

/** What the OPC UA server tells of the account's units. */
export interface LiveValues {
  /** All that the kitchen model (OPC 30200) has words for. Throws POINT_REFUSED where the account does not show the unit. */
  readUnit(target: RationalTarget, limits: ReadLimits): Promise<Sample[]>
  /** Variables that were named. The same holds. */
  readVariables(target: RationalTarget, points: readonly RationalPoint[], limits: ReadLimits): Promise<Sample[]>
  unitOf(target: RationalTarget, limits: Limits): Promise<Unit>
  units(limits: Limits): Promise<readonly Unit[]>
  /** Of the unit that is named so. */
  variablesOf(unitId: string, limits: ReadLimits): Promise<readonly UnitVariable[]>
}

export function createLiveValues(client: OpcUaClient): LiveValues {
  const units = createUnits(client)
  const directory = createNodeDirectory(client)
  const devices = new WeakMap<RationalTarget, Device>()
  const addressed = new WeakMap<RationalPoint, AddressedPoint>()

  const deviceOf = (target: RationalTarget): Device => {
    const { unit_id: unitId } = target.settings
    const known = devices.get(target)
    const device =
      known ??
      createDevice({
        services: client,
        directory,
        which: async (listed, limits) => (await units.choose(unitId, listed, limits)).device,
      })
    devices.set(target, device)
    return device
  }

  const addressedPoint = (point: RationalPoint, unit: Unit): AddressedPoint => {
    const { variable = '', invalid } = point.address
    const node = nodeOf(unit, variable)
    const known = addressed.get(point)
    if (known?.address.node === node) return known
    const made = { ...point, address: { node, path: [], invalid } }
    addressed.set(point, made)
    return made
  }

  return {
    readUnit: (target, limits) => deviceOf(target).read(limits),
    async readVariables(target, points, limits) {
      limits.signal.throwIfAborted()
      const unit = await units.find(target.settings.unit_id, limits)
      const samples = await readPoints(
        { services: client, directory },
        points.map((point) => addressedPoint(point, unit)),
        limits,
      )
      // Units come and go with the account's; another one may have its name next time.
      if (samples.every((sample) => 'fault' in sample && sample.fault.code === 'POINT_REFUSED')) {
        units.forget(target.settings.unit_id)
      }
      return samples
    },
    unitOf: (target, limits) => units.find(target.settings.unit_id, limits),
    units: (limits) => units.list(limits),
    variablesOf: async (unitId, limits) => listVariables(client, await units.find(unitId, limits), limits),
  }
}
