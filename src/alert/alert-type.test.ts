import { expect, it } from 'vitest'
import { alertTypeOf } from './alert-type.ts'
import { alertRuleSchema } from './rule-schema.ts'

it.each<[string, object]>([
  ['temperature_deviation', { kind: 'threshold', metric: 'temperature', above: 8 }],
  ['temperature_deviation', { kind: 'threshold', metric: 'temperature_zones.core', above: 8 }],
  ['humidity_deviation', { kind: 'threshold', metric: 'humidity', below: 40 }],
  ['power_kw_deviation', { kind: 'threshold', metric: 'power_kw', above: 40 }],
  ['pressure_deviation', { kind: 'threshold', metric: 'additional.pressure', above: 3 }],
  ['connection_lost', { kind: 'no_data' }],
  ['door_open', { kind: 'state', metric: 'door_status', equals: 'open' }],
  ['equipment_error', { kind: 'state', metric: 'operational_status', equals: 'error' }],
  [
    'horno_en_limpieza_2',
    { name: ' Horno en ¡limpieza! #2', kind: 'state', metric: 'operational_status', equals: 'cleaning' },
  ],
  ['ture_zu', { name: 'Türe zu', kind: 'state', metric: 'door_status', equals: 'closed' }],
  ['state', { name: '冷蔵庫', kind: 'state', metric: 'door_status', equals: 'closed' }],
])('%s', (type, rule) => {
  expect(alertTypeOf(alertRuleSchema.parse({ name: 'Rule', severity: 'info', ...rule }))).toBe(type)
})
