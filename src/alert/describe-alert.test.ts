import { describe, expect, it } from 'vitest'
import { type AlertMoment, describeRaised, describeResolved, thresholdOf } from './describe-alert.ts'
import { formatDuration } from './format-value.ts'
import { alertRuleSchema } from './rule-schema.ts'

const minute = 60_000

function moment(rule: object, fields: Partial<AlertMoment> = {}): AlertMoment {
  const parsed = alertRuleSchema.parse({ name: 'Rule', severity: 'warning', ...rule })
  return { rule: parsed, equipmentName: 'Cold room 2', value: null, side: null, heldMs: 10 * minute, ...fields }
}

const warm = moment(
  { name: 'Too warm', kind: 'threshold', metric: 'temperature', above: 8, for_seconds: 600 },
  { value: 9.4, side: 'above' },
)
const door = moment(
  { kind: 'state', metric: 'door_status', equals: 'open', for_seconds: 180 },
  { value: 'open', heldMs: 3 * minute },
)
const silent = moment({ kind: 'no_data' }, { heldMs: 15 * minute })

describe('describeRaised', () => {
  it.each<[string, AlertMoment, string]>([
    ['a threshold', warm, 'Cold room 2: temperature 9.4 °C, above 8 °C for 10 min'],
    [
      'a threshold at once',
      moment({ kind: 'threshold', metric: 'humidity', below: 40 }, { value: 12.25, side: 'below' }),
      'Cold room 2: humidity 12.25 %, below 40 %',
    ],
    [
      'the side of a band that was crossed',
      moment(
        { kind: 'threshold', metric: 'temperature_zones.core', above: 8, below: -2.5 },
        { value: -3, side: 'below' },
      ),
      'Cold room 2: temperature core -3 °C, below -2.5 °C',
    ],
    [
      'a counter in thousands',
      moment(
        { kind: 'threshold', metric: 'energy_consumption_kwh', above: 1e6 },
        { value: 1_234_567.8, side: 'above' },
      ),
      'Cold room 2: energy 1,234,567.8 kWh, above 1,000,000 kWh',
    ],
    [
      'a value without unit',
      moment({ kind: 'threshold', metric: 'additional.pressure', above: 3 }, { value: 3.5, side: 'above' }),
      'Cold room 2: pressure 3.5, above 3',
    ],
    ['a door', door, 'Cold room 2: door open for 3 min'],
    [
      'a state',
      moment({ kind: 'state', metric: 'operational_status', equals: 'cooling_down' }, { value: 'cooling_down' }),
      'Cold room 2: status cooling down',
    ],
    [
      'a word of the machine',
      moment({ kind: 'state', metric: 'additional.lamp', equals: 'constructor' }, { value: 'constructor' }),
      'Cold room 2: lamp constructor',
    ],
    ['silence', silent, 'Cold room 2: no data for 15 min'],
  ])('tells of %s', (_name, told, message) => {
    expect(describeRaised(told).en.message).toBe(message)
  })

  it('tells it in four languages with their decimal signs, the value always with it', () => {
    expect(describeRaised(warm)).toEqual({
      en: { title: 'Cold room 2: Too warm', message: 'Cold room 2: temperature 9.4 °C, above 8 °C for 10 min' },
      es: {
        title: 'Cold room 2: Too warm',
        message: 'Cold room 2: temperatura 9,4 °C, por encima de 8 °C desde hace 10 min',
      },
      de: { title: 'Cold room 2: Too warm', message: 'Cold room 2: Temperatur 9,4 °C, seit 10 min über 8 °C' },
      fr: {
        title: 'Cold room 2: Too warm',
        message: 'Cold room 2: température 9,4 °C, au-dessus de 8 °C depuis 10 min',
      },
    })
    expect(describeRaised(door)).toMatchObject({
      es: { message: 'Cold room 2: puerta abierta desde hace 3 min' },
      de: { message: 'Cold room 2: Tür offen seit 3 min' },
      fr: { message: 'Cold room 2: porte ouverte depuis 3 min' },
    })
  })
})

describe('describeResolved', () => {
  it.each<[string, AlertMoment, string]>([
    [
      'a threshold',
      { ...warm, value: 7.4, heldMs: 34 * minute },
      'Cold room 2: temperature 7.4 °C, back within limits after 34 min',
    ],
    ['a door', { ...door, value: 'closed', heldMs: 12 * minute }, 'Cold room 2: door closed after 12 min'],
    ['silence', { ...silent, heldMs: 95 * minute }, 'Cold room 2: data again after 1 h 35 min'],
  ])('tells of %s', (_name, told, message) => {
    expect(describeResolved(told).en.message).toBe(message)
  })
})

describe('thresholdOf', () => {
  it.each<[AlertMoment, unknown]>([
    [warm, 8],
    [moment({ kind: 'threshold', metric: 'temperature', below: 0 }), 0],
    [moment({ kind: 'threshold', metric: 'temperature', above: 8, below: 2 }), { above: 8, below: 2 }],
    [door, 'open'],
    [silent, 900],
  ])('%#', ({ rule }, threshold) => {
    expect(thresholdOf(rule)).toEqual(threshold)
  })
})

describe('formatDuration', () => {
  it.each([
    [0, '0 s'],
    [-5, '0 s'],
    [44_900, '44 s'],
    [59_999, '59 s'],
    [90_000, '1 min 30 s'],
    [120_000, '2 min'],
    [10 * minute + 12_000, '10 min'],
    [80 * minute, '1 h 20 min'],
    [120 * minute, '2 h'],
    [51 * 60 * minute, '2 d 3 h'],
  ])('%i ms is %s', (durationMs, text) => {
    expect(formatDuration(durationMs, 'en')).toBe(text)
  })

  it('knows the French day', () => {
    expect(formatDuration(48 * 60 * minute, 'fr')).toBe('2 j')
  })
})
