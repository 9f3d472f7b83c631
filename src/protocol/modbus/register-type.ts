/** `bcd16`, `bcd32`: decimal digits, four in each register. */
export const registerTypes = [
  'int16',
  'uint16',
  'int32',
  'uint32',
  'float32',
  'int64',
  'uint64',
  'float64',
  'bcd16',
  'bcd32',
] as const
export type RegisterType = (typeof registerTypes)[number]

/** How many registers a number of each type takes. */
export const registerCounts: Readonly<Record<RegisterType, number>> = {
  int16: 1,
  uint16: 1,
  int32: 2,
  uint32: 2,
  float32: 2,
  int64: 4,
  uint64: 4,
  float64: 4,
  bcd16: 1,
  bcd32: 2,
}

/**
 * Order of the bytes A (most significant) … D over two registers; with one register or four the same rule holds:
 * CDAB turns the order of the registers round, BADC the two bytes of each register, DCBA both.
 */
export const wordOrders = ['ABCD', 'CDAB', 'BADC', 'DCBA'] as const
export type WordOrder = (typeof wordOrders)[number]

export const turnsRegisters = (order: WordOrder): boolean => order === 'CDAB' || order === 'DCBA'
export const turnsBytes = (order: WordOrder): boolean => order === 'BADC' || order === 'DCBA'
