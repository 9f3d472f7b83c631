/** The four tables of a Modbus machine and the function that reads each. Source: Modbus Application Protocol V1.1b3, 4.3 and 6.1-6.4. */
export const readFunctions = { coil: 1, discrete: 2, holding: 3, input: 4 } as const

export type Table = keyof typeof readFunctions
export type BitTable = 'coil' | 'discrete'
export type RegisterTable = 'holding' | 'input'

export const tables = ['holding', 'input', 'coil', 'discrete'] as const satisfies readonly Table[]

/** Modbus Application Protocol V1.1b3, 6.1 and 6.3: at most 125 registers or 2000 bits in one answer. */
export const registersPerReadMax = 125
export const addressMax = 0xffff

export function isBitTable(table: Table): table is BitTable {
  return table === 'coil' || table === 'discrete'
}
