import type { z } from 'zod'
import type { Kit } from '#connector'
import {
  addressMax,
  isBitTable,
  registerCounts,
  registerTypes,
  type Span,
  tables,
  textRegistersMax,
  wordOrders,
} from '#protocol/modbus'
import { addressFaults } from './address-faults.ts'

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
        .max(addressMax + 1)
        .meta({ title: 'Address', description: '0-based address of the protocol, not the 40001-style number.' }),
      address_base: z
        .union([z.literal(0), z.literal(1)])
        .default(0)
        .meta({
          title: 'First address',
          description: "1 where the machine's document counts its registers from 1: one is taken off the address.",
          advanced: true,
        }),
      type: z
        .enum([...registerTypes, 'string'])
        .optional()
        .meta({ title: 'Type', description: 'Number type or string. Registers need it (or bit), bits have none.' }),
      length: z
        .int()
        .min(1)
        .max(textRegistersMax)
        .optional()
        .meta({ title: 'Length', description: 'Registers of a string, two characters in each.', advanced: true }),
      bit: z.int().min(0).max(15).optional().meta({
        title: 'Bit',
        description: 'One bit of a register instead of a number, or the lowest of several; 0 is the least significant.',
      }),
      bits: z
        .int()
        .min(1)
        .max(16)
        .optional()
        .meta({ title: 'Bits', description: 'So many bits from bit on are one number without sign.', advanced: true }),
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
      invalid: z.array(z.number()).max(16).default([]).meta({
        title: 'Invalid values',
        description:
          'Raw values that mean "no value". The ends of 16-bit numbers (-32768, 32767, 65535) always do for temperatures.',
        advanced: true,
      }),
    })
    .superRefine((address, context) => {
      for (const { path, message } of addressFaults(address, spanOf(address))) {
        context.addIssue({ code: 'custom', path: [path], message, input: address })
      }
    })

type AddressSchema = ReturnType<typeof modbusAddress>
export type ModbusAddress = z.output<AddressSchema>
/** As it is written: what has a default may be left out. */
export type ModbusAddressInput = z.input<AddressSchema>

/** The registers or bits that a point occupies, by the protocol's own 0-based address. */
export function spanOf({ table, address, address_base, type, length, bit }: ModbusAddress): Span {
  const isWide = type !== undefined && bit === undefined && !isBitTable(table)
  const wide = type === 'string' ? (length ?? 1) : type && registerCounts[type]
  return { table, address: address - address_base, count: isWide ? (wide ?? 1) : 1 }
}
