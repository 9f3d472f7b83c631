import type { Kit, TargetOf } from '#connector'
import { addressMax, baudRates, framingNames, parities, registersPerReadMax, tables } from '#protocol/modbus'
import type { modbusAddress } from './address.ts'

/** What can be told of a Modbus machine and of the link to it, beside its points. */
export const modbusSettings = ({ field, z }: Kit) =>
  z.strictObject({
    unit_id: z
      .int()
      .min(0)
      .max(255)
      .default(1)
      .meta({ title: 'Unit', description: 'Unit (slave) id of the machine, also behind a gateway.' }),
    framing: z.enum(framingNames).default('tcp').meta({
      title: 'Framing',
      description:
        'tcp: Modbus TCP. rtu_over_tcp: serial frames with CRC in a TCP connection, as transparent serial device servers pass them on.',
    }),
    baud_rate: z.literal(baudRates).optional().meta({
      title: 'Baud rate',
      description: 'Of a serial port; 9600 where it is not given. All machines on a line have the same.',
    }),
    parity: z
      .enum(parities)
      .optional()
      .meta({ title: 'Parity', description: 'Of a serial port; none where it is not given.' }),
    stop_bits: z
      .literal([1, 2])
      .optional()
      .meta({ title: 'Stop bits', description: 'Of a serial port; 1 where it is not given. With 8 data bits.' }),
    max_registers: z.int().min(0).max(registersPerReadMax).default(registersPerReadMax).meta({
      title: 'Largest block',
      description: 'Registers that the machine gives in one answer; 0 or 1 reads every point by itself.',
      advanced: true,
    }),
    max_gap: z.int().min(0).max(registersPerReadMax).default(8).meta({
      title: 'Largest gap',
      description: 'Unused registers (or bits) between two points that are read along to save a request.',
      advanced: true,
    }),
    forbidden: z
      .array(
        z.strictObject({
          table: z.enum(tables).meta({ title: 'Table' }),
          address: z.int().min(0).max(addressMax).meta({ title: 'Address', description: '0-based.' }),
          count: z
            .int()
            .min(1)
            .max(addressMax + 1)
            .default(1)
            .meta({ title: 'Registers or bits' }),
        }),
      )
      .max(64)
      .default([])
      .meta({
        title: 'Forbidden',
        description: 'Registers or bits that are never touched, not even to fill a gap: [{table, address, count}].',
        advanced: true,
      }),
    pause_ms: z.int().min(0).max(5_000).default(0).meta({
      title: 'Pause',
      unit: 'ms',
      description: 'Least time between two requests on the link, and after connecting.',
      advanced: true,
    }),
    write_multiple: field.flag(false, {
      title: 'Write with functions 15 and 16',
      description:
        'Writes single coils and registers with the functions for several: for machines that know no others.',
      advanced: true,
    }),
    mask_write: field.flag(false, {
      title: 'Mask write',
      description: 'The machine knows function 22: bits of a register can be written. Without it they are refused.',
      advanced: true,
    }),
    close_after_read: field.flag(false, {
      title: 'Close after reading',
      description: 'Connects for every read, for machines whose few connections others need too.',
      advanced: true,
    }),
  })

export type ModbusTarget = TargetOf<
  Record<never, never>,
  ReturnType<typeof modbusSettings>['shape'],
  ReturnType<typeof modbusAddress>['shape']
>
