import { z } from 'zod'
import { encodeNumber, type RegisterType, readFunctions, type WordOrder, writeFunctions } from '#protocol/modbus'

/** What one simulated unit holds, live: whoever runs the simulator changes the maps while it serves. */
export interface UnitMemory {
  readonly holding: Map<number, number>
  readonly input: Map<number, number>
  readonly coils: Map<number, boolean>
  readonly discrete: Map<number, boolean>
  /** Function codes that the unit knows. */
  readonly functions: ReadonlySet<number>
}

const registers = z.record(z.string().regex(/^\d+$/), z.union([z.int(), z.array(z.int())]))
const bits = z.record(z.string().regex(/^\d+$/), z.union([z.boolean(), z.array(z.boolean())]))

const allFunctions = [...Object.values(readFunctions), ...Object.values(writeFunctions)]

/** By address: one register or bit, or a list of those from that address on. */
export const unitContents = z.strictObject({
  holding: registers.default({}),
  input: registers.default({}),
  coils: bits.default({}),
  discrete: bits.default({}),
  functions: z.array(z.int()).default(allFunctions),
})
export type UnitContents = z.input<typeof unitContents>

export function fillUnit(contents: UnitContents): UnitMemory {
  const { holding, input, coils, discrete, functions } = unitContents.parse(contents)
  return {
    holding: spread(holding),
    input: spread(input),
    coils: spread(coils),
    discrete: spread(discrete),
    functions: new Set(functions),
  }
}

/** Writes a number as a machine of that type and word order holds it. */
export function writeNumber(
  table: Map<number, number>,
  address: number,
  value: number,
  type: RegisterType,
  wordOrder: WordOrder = 'ABCD',
): void {
  for (const [index, register] of encodeNumber(value, type, wordOrder).entries()) table.set(address + index, register)
}

function spread<Value>(contents: Readonly<Record<string, Value | Value[]>>): Map<number, Value> {
  const table = new Map<number, Value>()
  for (const [address, given] of Object.entries(contents)) {
    const values = Array.isArray(given) ? given : [given]
    for (const [index, value] of values.entries()) table.set(Number(address) + index, value)
  }
  return table
}
