import { describe, expect, it } from 'vitest'
import { BakewireError, kit, parseTarget } from '#connector'
import defineModbus from './index.ts'

const connector = defineModbus(kit)
const float = { metric: 'power_kw', table: 'holding', address: 10, type: 'float32' }

function faultsOf(additional_config: object): unknown {
  try {
    parseTarget(connector, 'machine-1', {
      endpoint: 'gateway',
      additional_config: { points: [float], ...additional_config },
    })
  } catch (error) {
    return error instanceof BakewireError ? error.errors : error
  }
  return []
}

describe('a Modbus configuration', () => {
  it.each<[string, object]>([
    ['unit 0 of Modbus TCP', { unit_id: 0 }],
    ['unit 255 of Modbus TCP', { unit_id: 255 }],
    ['unit 247 of a serial line', { unit_id: 247, framing: 'rtu_over_tcp' }],
    ['a forbidden register below', { forbidden: [{ table: 'holding', address: 9 }] }],
    ['a forbidden register above', { forbidden: [{ table: 'holding', address: 12 }] }],
    ['a forbidden register of another table', { forbidden: [{ table: 'input', address: 10, count: 2 }] }],
  ])('takes %s', (_name, settings) => {
    expect(faultsOf(settings)).toEqual([])
  })

  it.each<[string, object, string]>([
    ['unit 0 of a serial line, where it is everybody', { unit_id: 0, framing: 'rtu_over_tcp' }, 'unit_id'],
    ['unit 248 of a serial line', { unit_id: 248, framing: 'rtu_over_tcp' }, 'unit_id'],
    ['a point on a forbidden register', { forbidden: [{ table: 'holding', address: 11 }] }, 'forbidden'],
    ['a point among forbidden registers', { forbidden: [{ table: 'holding', address: 0, count: 100 }] }, 'forbidden'],
    ['an unknown framing', { framing: 'ascii' }, 'framing'],
    ['a pause of minutes', { pause_ms: 60_000 }, 'pause_ms'],
  ])('refuses %s', (_name, settings, field) => {
    expect(faultsOf(settings)).toMatchObject([{ path: `additional_config.${field}` }])
  })

  it("refuses a point on the register that takes a Dixell's whole line down", () => {
    const points = [{ metric: 'additional.address', table: 'holding', address: 0x0420, type: 'uint16' }]
    const faults = [
      { path: 'additional_config.forbidden', message: 'forbids holding 1056, where additional.address is to be read' },
    ]
    expect(faultsOf({ profile: 'dixell-xr75cx', points })).toEqual(faults)
    expect(faultsOf({ profile: 'dixell-xr75cx', points, forbidden: [] })).toEqual(faults)
  })
})
