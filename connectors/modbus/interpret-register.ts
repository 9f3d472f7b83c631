import type { Found } from '#connector'
import { decodeNumber, type RegisterTable, type WordOrder } from '#protocol/modbus'

/** What lies outside of these is no measurement of a kitchen machine, and what whole numbers look like when they are read as a single. */
const singleMin = 1e-3
const singleMax = 1e7

interface Single {
  readonly value: number
  readonly order: WordOrder
}

/** A single of the wrong two registers is near the right one, but has all its digits: 230.99725 for 230.1. */
const digitsTooMany = 3

/**
 * What the first of these registers may mean: its number with and without sign, and with the next one a single, where that
 * gives a number that a machine could have. The proposed point is the likeliest; a display or a manual has the last word.
 * `isSingle`: the point takes the next register too.
 */
export function interpretRegister(
  table: RegisterTable,
  address: number,
  registers: readonly [number, ...(number | undefined)[]],
): { readonly found: Found; readonly isSingle: boolean } {
  const [register, next, afterNext] = registers
  const singles = singlesOf(register, next)
  const signed = (register << 16) >> 16
  const texts = [
    signed === register ? String(register) : `${register} (uint16), ${signed} (int16)`,
    ...singles.map(({ value, order }) => `${value} (float32 ${order} with ${address + 1})`),
  ]
  const rival = singlesOf(next, afterNext).find(({ order }) => order === 'ABCD')
  const [likeliest] = singles.filter((single) => !givesWay(single, rival))
  const format = likeliest
    ? { type: 'float32', ...(likeliest.order === 'ABCD' ? {} : { word_order: likeliest.order }) }
    : { type: 'int16' }
  const point = { metric: `additional.${table}_${address}`, table, address, ...format }
  const found = { name: `${table} ${address}`, kind: 'register', value: texts.join(', '), point }
  return { found, isSingle: likeliest !== undefined }
}

function singlesOf(first: number | undefined, second: number | undefined): Single[] {
  if (first === undefined || second === undefined) return []
  return (['ABCD', 'CDAB'] as const).flatMap((order) => {
    const format = { type: 'float32', wordOrder: order, scale: 1, offset: 0, invalid: [] } as const
    const decoded = decodeNumber([first, second], 0, format)
    if (!('value' in decoded)) return []
    const size = Math.abs(decoded.value)
    return size >= singleMin && size <= singleMax ? [{ value: decoded.value, order }] : []
  })
}

/** With its low register first a single has the same high register as one that begins a register later with its high one. */
function givesWay({ value, order }: Single, rival: Single | undefined): boolean {
  return order === 'CDAB' && rival !== undefined && digitsOf(value) >= digitsOf(rival.value) + digitsTooMany
}

function digitsOf(value: number): number {
  return String(value).replaceAll(/\D/g, '').length
}
