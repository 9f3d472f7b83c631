/** Names of the types whose values are read: Sparkplug B 3.0, 6.4.16. */
const names: Readonly<Record<number, string>> = {
  1: 'Int8',
  2: 'Int16',
  3: 'Int32',
  4: 'Int64',
  5: 'UInt8',
  6: 'UInt16',
  7: 'UInt32',
  8: 'UInt64',
  9: 'Float',
  10: 'Double',
  11: 'Boolean',
  12: 'String',
  13: 'DateTime',
  14: 'Text',
  15: 'UUID',
  16: 'DataSet',
  17: 'Bytes',
  18: 'File',
  19: 'Template',
}

/** Bits of whole numbers, negative where they are signed. */
const bits: Readonly<Record<number, number>> = { 1: -8, 2: -16, 3: -32, 4: -64, 5: 8, 6: 16, 7: 32, 8: 64 }

const types = { float: 9, double: 10, boolean: 11, dateTime: 13 } as const
const texts: ReadonlySet<number> = new Set([12, 14, 15])

/** How far from 1970 a Date reaches, ms. */
const dateMax = 8.64e15

export function sparkplugTypeName(datatype: number): string {
  return names[datatype] ?? `type ${datatype}`
}

/** The number of a type by its name, for what is put together by hand. */
export function sparkplugType(name: string): number | undefined {
  const found = Object.entries(names).find(([, known]) => known === name)
  return found && Number(found[0])
}

/**
 * What a metric's raw value means by its type: whole numbers with their sign (they are sent as two's complement), a single as
 * its shortest decimal, a time as ISO 8601. Undefined where type and value do not fit, and for types that are no single value.
 */
export function sparkplugValue(
  raw: number | string | boolean | undefined,
  datatype: number,
): number | string | boolean | undefined {
  const width = bits[datatype]
  if (width !== undefined) return wholeNumber(raw, width)
  if (datatype === types.float) return typeof raw === 'number' ? shortestSingle(raw) : undefined
  if (datatype === types.double) return typeof raw === 'number' ? raw : undefined
  if (datatype === types.boolean) return typeof raw === 'boolean' ? raw : undefined
  if (datatype === types.dateTime) {
    const time = typeof raw === 'string' && /^\d+$/.test(raw) ? Number(raw) : Number.NaN
    return time <= dateMax ? new Date(time).toISOString() : undefined
  }
  return texts.has(datatype) && typeof raw === 'string' ? raw : undefined
}

/** The other way, for a command: undefined where the type cannot hold the value. */
export function sparkplugRaw(
  value: number | string | boolean,
  datatype: number,
): number | string | boolean | undefined {
  const width = bits[datatype]
  if (width !== undefined) return typeof value === 'number' ? twosComplement(value, width) : undefined
  if (datatype === types.float || datatype === types.double) {
    return typeof value === 'number' && Number.isFinite(value) ? value : undefined
  }
  if (datatype === types.boolean) return typeof value === 'boolean' ? value : undefined
  return texts.has(datatype) && typeof value === 'string' ? value : undefined
}

function wholeNumber(raw: number | string | boolean | undefined, width: number): number | undefined {
  if (typeof raw === 'boolean' || raw === undefined || !/^\d+$/.test(String(raw))) return undefined
  const size = Math.abs(width)
  const sent = BigInt(raw)
  // Small signed numbers are sent in their own width by some and in 32 bits by others: the low bits are the same.
  return Number(width < 0 ? BigInt.asIntN(size, sent) : BigInt.asUintN(size, sent))
}

function twosComplement(value: number, width: number): number | string | undefined {
  if (!Number.isSafeInteger(value)) return undefined
  const size = Math.abs(width)
  const whole = BigInt(value)
  const fits = width < 0 ? BigInt.asIntN(size, whole) === whole : BigInt.asUintN(size, whole) === whole
  if (!fits) return undefined
  return size === 64 ? BigInt.asUintN(64, whole).toString() : Number(BigInt.asUintN(32, whole))
}

/** The decimal that was meant: 230.1 and not 230.10000610351562. */
function shortestSingle(single: number): number {
  if (!Number.isFinite(single)) return single
  // Nine digits tell every single.
  for (let digits = 6; digits < 9; digits++) {
    const decimal = Number(single.toPrecision(digits))
    if (Math.fround(decimal) === single) return decimal
  }
  return Number(single.toPrecision(9))
}
