import { addressMax, isBitTable, registerCounts, type Span } from '#protocol/modbus'
import type { ModbusAddress } from './address.ts'

interface AddressFault {
  readonly path: keyof ModbusAddress
  readonly message: string
}

/** What single fields cannot refuse: fields that do not go together, and a number that ends beyond the table. */
export function addressFaults(address: ModbusAddress, span: Span): AddressFault[] {
  const faults = isBitTable(address.table) ? bitTableFaults(address) : registerTableFaults(address)
  if (span.address < 0) faults.push({ path: 'address', message: 'must be at least 1 where address_base is 1' })
  if (span.address > addressMax) faults.push({ path: 'address', message: `must be at most ${addressMax}` })
  else if (span.address + span.count - 1 > addressMax) {
    faults.push({ path: 'address', message: `leaves no room for the ${span.count} registers of ${address.type}` })
  }
  return faults
}

function bitTableFaults(address: ModbusAddress): AddressFault[] {
  const message = `is for registers: a ${address.table} is one bit`
  return fieldsGiven(address, ['type', 'length', 'bit', 'bits', 'scale', 'offset', 'invalid'], message)
}

function registerTableFaults(address: ModbusAddress): AddressFault[] {
  const { table, type, bit, bits } = address
  if (bit !== undefined) return [...registerBitFaults(address, bit), ...lengthFaults(address)]
  const faults = lengthFaults(address)
  if (bits !== undefined) faults.push({ path: 'bits', message: 'needs bit, the lowest of them' })
  if (type === 'string') {
    faults.push(...fieldsGiven(address, ['scale', 'offset', 'invalid'], 'is for numbers: this point is a string'))
  }
  if (type === undefined) {
    const message = `is missing: a number in ${table} registers needs it (a single bit is named by bit instead)`
    faults.push({ path: 'type', message })
  }
  return faults
}

function registerBitFaults(address: ModbusAddress, bit: number): AddressFault[] {
  const { type, bits } = address
  const faults: AddressFault[] = []
  if (bits === undefined) {
    faults.push(...fieldsGiven(address, ['scale', 'offset', 'invalid'], 'is for numbers: this point is one bit'))
  } else if (bit + bits > 16) {
    faults.push({ path: 'bits', message: `leaves the register: from bit ${bit} on there are ${16 - bit}` })
  }
  if (type === 'string' || (type !== undefined && registerCounts[type] > 1)) {
    faults.push({ path: 'bit', message: `is of one register, not of ${type}` })
  } else if (type !== undefined && type !== 'uint16' && bits !== undefined) {
    faults.push({ path: 'type', message: 'must be uint16 or left out: bits are a number without sign' })
  }
  return faults
}

function lengthFaults({ type, length }: ModbusAddress): AddressFault[] {
  if (type === 'string' && length === undefined) {
    return [{ path: 'length', message: 'is missing: a string needs its number of registers' }]
  }
  return type === 'string' || length === undefined ? [] : [{ path: 'length', message: 'is for strings' }]
}

/** The fields among these that say something, each with the same fault. */
function fieldsGiven(
  address: ModbusAddress,
  fields: readonly (keyof ModbusAddress)[],
  message: string,
): AddressFault[] {
  const silent: Partial<ModbusAddress> = { scale: 1, offset: 0 }
  return fields
    .filter((field) => {
      const value = address[field]
      return Array.isArray(value) ? value.length > 0 : value !== silent[field]
    })
    .map((path) => ({ path, message }))
}
