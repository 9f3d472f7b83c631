import type { z } from 'zod'
import type { Kit } from '#connector'
import {
  addressMax,
  type BitTable,
  isBitTable,
  registerCounts,
  registerTypes,
  type Span,
  tables,
  wordOrders,
} from '#protocol/modbus'

/** How a point of a Modbus machine is named in a configuration. */
export const modbusAddress = ({ z }: Kit) =>
  z
    .strictObject({
      table: z
        .enum(tables)
        .meta({ title: 'Table', description: 'holding | input (registers), coil | discrete (bits).' }),
      address: z
        .int()
        .min(0)
        .max(addressMax)
        .meta({ title: 'Address', description: '0-based address of the protocol, not the 40001-style number.' }),
      type: z
        .enum(registerTypes)
        .optional()
        .meta({ title: 'Type', description: 'Number type. Registers need it (or bit), bits have none.' }),
      bit: z
        .int()
        .min(0)
        .max(15)
        .optional()
        .meta({ title: 'Bit', description: 'One bit of a register instead of a number; 0 is the least significant.' }),
      scale: z
        .number()
        .refine((scale) => scale !== 0, 'must not be 0')
        .default(1)
        .meta({ title: 'Scale', description: 'value = raw × scale + offset' }),
      offset: z
        .number()
        .default(0)
        .meta({ title: 'Offset', description: 'value = raw × scale + offset', advanced: true }),
      word_order: z
        .enum(wordOrders)
        .default('ABCD')
        .meta({ title: 'Word order', description: 'Order of the bytes over the registers; ABCD is big-endian.' }),
      invalid: z
        .array(z.number())
        .max(16)
        .default([])
        .meta({ title: 'Invalid values', description: 'Raw values that mean "no value".', advanced: true }),
    })
    .superRefine((address, context) => {
      for (const { path, message } of addressFaults(address)) {
        context.addIssue({ code: 'custom', path: [path], message, input: address })
      }
    })

type AddressSchema = ReturnType<typeof modbusAddress>
export type ModbusAddress = z.output<AddressSchema>
/** As it is written: what has a default may be left out. */
export type ModbusAddressInput = z.input<AddressSchema>

/** The registers or bits that a point occupies. */
export function spanOf({ table, address, type, bit }: ModbusAddress): Span {
  return { table, address, count: type && bit === undefined ? registerCounts[type] : 1 }
}

interface AddressFault {
  readonly path: keyof ModbusAddress
  readonly message: string
}

/** What single fields cannot refuse: fields that do not go together, and a number that ends beyond the table. */
function addressFaults(address: ModbusAddress): AddressFault[] {
  const span = spanOf(address)
  const faults = isBitTable(address.table) ? bitTableFaults(address, address.table) : registerTableFaults(address)
  if (span.address + span.count - 1 > addressMax) {
    faults.push({ path: 'address', message: `leaves no room for the ${span.count} registers of ${address.type}` })
  }
  return faults
}

function bitTableFaults(address: ModbusAddress, table: BitTable): AddressFault[] {
  const faults: AddressFault[] = []
  const message = `is for registers: a ${table} is one bit`
  if (address.type !== undefined) faults.push({ path: 'type', message })
  if (address.bit !== undefined) faults.push({ path: 'bit', message })
  return [...faults, ...numberFaults(address, message)]
}

function registerTableFaults(address: ModbusAddress): AddressFault[] {
  const { table, type, bit } = address
  if (bit === undefined) {
    if (type !== undefined) return []
    return [
      {
        path: 'type',
        message: `is missing: a number in ${table} registers needs it (a single bit is named by bit instead)`,
      },
    ]
  }
  const faults = numberFaults(address, 'is for numbers: this point is one bit')
  if (type !== undefined && registerCounts[type] > 1) {
    faults.push({ path: 'bit', message: `is of one register, not of ${type}` })
  }
  return faults
}

function numberFaults({ scale, offset, invalid }: ModbusAddress, message: string): AddressFault[] {
  const faults: AddressFault[] = []
  if (scale !== 1) faults.push({ path: 'scale', message })
  if (offset !== 0) faults.push({ path: 'offset', message })
  if (invalid.length > 0) faults.push({ path: 'invalid', message })
  return faults
}
