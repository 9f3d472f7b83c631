import { expect, it } from 'vitest'
import { brokenSensorValues } from './broken-sensor.ts'

it.each([
  ['temperature', 'int16', [-32768, 32767]],
  ['target_temperature', 'int16', [-32768, 32767]],
  ['temperature_zones.core', 'uint16', [32767, 32768, 65535]],
  ['temperature', 'float32', []],
  ['temperature', 'int32', []],
  ['humidity', 'uint16', []],
  ['operational_status', 'uint16', []],
  ['additional.door_openings', 'uint16', []],
] as const)('for %s as %s they are %j', (metric, type, values) => {
  expect(brokenSensorValues(metric, type)).toEqual(values)
})
