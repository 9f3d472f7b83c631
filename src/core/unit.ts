import type { Quantity } from './metric.ts'

/** value_in_our_unit = value × factor + offset; keys are UCUM codes. */
type Conversion = readonly [factor: number, offset: number]

/** The first unit of each quantity is the one that Bakewire stores. Source: The Unified Code for Units of Measure 2.1. */
const conversions: Record<Quantity, Record<string, Conversion>> = {
  temperature: { Cel: [1, 0], '[degF]': [5 / 9, -160 / 9], K: [1, -273.15] },
  fraction: { '%': [1, 0], '1': [100, 0], '[ppth]': [0.1, 0] },
  energy: {
    'kW.h': [1, 0],
    kWh: [1, 0],
    'W.h': [0.001, 0],
    Wh: [0.001, 0],
    'MW.h': [1000, 0],
    MWh: [1000, 0],
    MJ: [1 / 3.6, 0],
    J: [1 / 3.6e6, 0],
  },
  power: { kW: [1, 0], W: [0.001, 0], MW: [1000, 0] },
  mass: { kg: [1, 0], g: [0.001, 0], t: [1000, 0], '[lb_av]': [0.45359237, 0] },
  time: { min: [1, 0], s: [1 / 60, 0], ms: [1 / 60000, 0], h: [60, 0] },
  rotation: { '{rpm}': [1, 0], '/min': [1, 0], Hz: [60, 0], '/s': [60, 0] },
}

export function unitsOf(quantity: Quantity): string[] {
  return Object.keys(conversions[quantity])
}

/** Converts into the unit that Bakewire stores; `undefined` when the unit does not measure that quantity. */
export function convertUnit(value: number, unit: string, quantity: Quantity): number | undefined {
  const conversion = Object.hasOwn(conversions[quantity], unit) ? conversions[quantity][unit] : undefined
  return conversion && value * conversion[0] + conversion[1]
}

/** The other way: a value in the unit that Bakewire stores, in that of a machine. */
export function convertIntoUnit(value: number, unit: string, quantity: Quantity): number | undefined {
  const conversion = Object.hasOwn(conversions[quantity], unit) ? conversions[quantity][unit] : undefined
  return conversion && (value - conversion[1]) / conversion[0]
}
