import { startOpcUaMachine } from '#protocol/opc-ua'
import type { RationalEquipment } from './rational-equipment.ts'

/** What an account's server shows at most. */
const unitsMax = 10

/** The OPC UA server of the cloud: the account's units below DeviceSet, security demanded. */
export function startAccountServer(equipment: RationalEquipment) {
  return startOpcUaMachine(contentsOf(equipment), 'connectedcooking')
}

export function contentsOf({ users, units, certificates_in }: RationalEquipment) {
  return {
    namespace: 'http://connectedcooking.com/OPCUA/',
    users,
    certificates_in,
    anonymous: false,
    modes: ['Sign', 'SignAndEncrypt'],
    devices: units.slice(0, unitsMax).map(({ id, serial, values }) => ({
      name: `CombiSteamerDevice_${id}`,
      variables: Object.entries({ ...values, ...(serial === undefined ? {} : { SerialNumber: serial }) }).map(
        ([path, value]) => ({ path: path.split('/'), value, ...kindOf(path, value) }),
      ),
    })),
  }
}

/** As the kitchen model has them (OPC 30200, 9.1); units by their common code (UNECE). */
function kindOf(path: string, value: unknown): { type: string; unit?: string } {
  if (typeof value === 'boolean') return { type: 'Boolean' }
  if (typeof value === 'string')
    return { type: /ProgramName|Manufacturer|Model$/.test(path) ? 'LocalizedText' : 'String' }
  if (/Temperature/.test(path)) return { type: 'Float', unit: 'CEL' }
  if (/Time/.test(path)) return { type: 'Int32', unit: 'SEC' }
  return /Humidity/.test(path) ? { type: 'Int32', unit: 'P1' } : { type: 'Int32' }
}
