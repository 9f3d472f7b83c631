import type { WriteRequest } from '#connector'
import {
  type Encoded,
  encodeBit,
  encodeBits,
  encodeText,
  encodeValue,
  isBitTable,
  type ModbusClient,
  type NumberFormat,
  registersPerWriteMax,
} from '#protocol/modbus'
import { forbiddenIn } from './check-target.ts'
import type { ModbusTarget } from './settings.ts'
import type { PlannedPoint } from './target-plan.ts'

interface Ways {
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/** One write request, ready to be sent. `isEchoed`: it is confirmed by its very own bytes. */
type Request = Encoded<{
  readonly send: (client: ModbusClient, ways: Ways) => Promise<void>
  readonly isEchoed: boolean
}>
/** `value`: as it is read back. */
type Order = Encoded<Exclude<Request, { refusal: string }> & { readonly value: WrittenValue }>
export type WrittenValue = WriteRequest<ModbusTarget>['writes'][number]['value']
type Settings = ModbusTarget['settings']

/** The one request that writes a value, or in plain words why there is none: nothing is rounded, cut off or guessed. */
export function planWrite(point: PlannedPoint, given: WrittenValue, settings: Settings): Order {
  const value = asRead(point, given)
  const request = requestOf(point, value, settings)
  return 'refusal' in request ? request : { ...request, value }
}

/** What is on or off is 1 or 0 in a register, and a text that reads as a number is given as one. */
function asRead({ table, format }: PlannedPoint, value: WrittenValue): WrittenValue {
  if (isBitTable(table) || 'bit' in format) return value
  if (!('type' in format)) return typeof value === 'number' ? String(value) : value
  return typeof value === 'boolean' ? Number(value) : value
}

function requestOf(point: PlannedPoint, value: WrittenValue, settings: Settings): Request {
  const { table, address, count } = point
  const forbidden = forbiddenIn(point, settings)
  if (forbidden) return { refusal: `${forbidden.table} ${forbidden.address} is forbidden` }
  if (settings.unit_id === 0)
    return { refusal: 'unit 0 is every machine on a line, and a write to it reaches them all' }
  if (table === 'input' || table === 'discrete') return { refusal: `a machine's ${table} table can only be read` }
  if (table === 'coil') return coilOrder(address, value, settings)
  if (count > registersPerWriteMax)
    return { refusal: `its ${count} registers are more than the ${registersPerWriteMax} that one request writes` }
  const { format } = point
  if ('bit' in format) {
    if (typeof value !== 'boolean') return notA('true or false')
    return bitsOrder(address, encodeBit(value, format), settings)
  }
  if (!('type' in format)) {
    return typeof value === 'string' ? registersOrder(address, encodeText(value, format), settings) : notA('a text')
  }
  if (typeof value !== 'number') return notA('a number')
  return hasBits(format)
    ? bitsOrder(address, encodeBits(value, format), settings)
    : registersOrder(address, encodeValue(value, format), settings)
}

function coilOrder(address: number, on: WrittenValue, settings: Settings): Request {
  if (typeof on !== 'boolean') return notA('true or false')
  const to = { unitId: settings.unit_id, address, on, functions: functionsOf(settings) }
  return { send: (client, ways) => client.writeCoil({ ...to, ...ways }), isEchoed: to.functions === 'fitting' }
}

function registersOrder(address: number, encoded: ReturnType<typeof encodeValue>, settings: Settings): Request {
  if ('refusal' in encoded) return encoded
  const { registers } = encoded
  const to = { unitId: settings.unit_id, address, registers, functions: functionsOf(settings) }
  const isEchoed = to.functions === 'fitting' && registers.length === 1
  return { send: (client, ways) => client.writeRegisters({ ...to, ...ways }), isEchoed }
}

/** Reading the register, changing bits and writing it back would undo what the machine changes in between. */
function bitsOrder(address: number, mask: ReturnType<typeof encodeBits>, settings: Settings): Request {
  if ('refusal' in mask) return mask
  if (!settings.mask_write) {
    return {
      refusal: 'bits of a register are written with function 22 only: set mask_write where the machine knows it',
    }
  }
  const to = { unitId: settings.unit_id, address, ...mask }
  return { send: (client, ways) => client.writeBits({ ...to, ...ways }), isEchoed: true }
}

function functionsOf({ write_multiple }: Settings): 'multiple' | 'fitting' {
  return write_multiple ? 'multiple' : 'fitting'
}

function hasBits(format: NumberFormat): format is NumberFormat & Required<Pick<NumberFormat, 'bits'>> {
  return format.bits !== undefined
}

function notA(wanted: string): { refusal: string } {
  return { refusal: `it must be ${wanted}` }
}
