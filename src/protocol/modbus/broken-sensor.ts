import { placeOf } from '#core'
import type { RegisterType } from './register-type.ts'

const none: readonly number[] = []

/**
 * Raw values that controllers give for a broken or missing probe: the ends of 16-bit numbers. No probe measures them, and
 * scaled by 0.01 some would look like a temperature. Only for temperatures: a counter has every value.
 */
export function brokenSensorValues(metric: string, type: RegisterType): readonly number[] {
  if (!isTemperature(metric)) return none
  if (type === 'int16') return [-32_768, 32_767]
  return type === 'uint16' ? [32_767, 32_768, 65_535] : none
}

function isTemperature(metric: string): boolean {
  const place = placeOf(metric)
  if (place?.in === 'zone') return true
  return place?.in === 'column' && place.metric.kind === 'number' && place.metric.quantity === 'temperature'
}
