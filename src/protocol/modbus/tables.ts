/** The four tables of a Modbus machine and the function that reads each. Source: Modbus Application Protocol V1.1b3, 4.3 and 6.1-6.4. */
export const readFunctions = { coil: 1, discrete: 2, holding: 3, input: 4 } as const

/** One coil or register, several of them, and some bits of a register. Source: as above, 6.5, 6.6, 6.11, 6.12 and 6.16. */
export const writeFunctions = { coil: 5, register: 6, coils: 15, registers: 16, mask: 22 } as const

export type Table = keyof typeof readFunctions
export type BitTable = 'coil' | 'discrete'
export type RegisterTable = 'holding' | 'input'

export const tables = ['holding', 'input', 'coil', 'discrete'] as const satisfies readonly Table[]

/** Modbus Application Protocol V1.1b3, 6.1 and 6.3: at most 125 registers or 2000 bits in one answer. */
export const registersPerReadMax = 125
/** As above, 6.12. */
export const registersPerWriteMax = 123
export const addressMax = 0xffff

export function isBitTable(table: Table): table is BitTable {
  return table === 'coil' || table === 'discrete'
}
