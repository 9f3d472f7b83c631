import { describe, expect, it } from 'vitest'
import type { Sample } from '#connector'
import type { DevicePoint } from './device-points.ts'
import { deviceSamples } from './device-samples.ts'

type Told = readonly [reading: DevicePoint['reading'], value: number | string | boolean | Error, rest?: object]

/** Points by metric, each with what was read of it; an error is a fault. */
function given(told: Readonly<Record<string, Told>>) {
  const points = Object.entries(told).map(
    ([metric, [reading, , rest]]) =>
      ({ metric, reading, isHaccp: false, child: { name: metric }, ...rest }) as unknown as DevicePoint,
  )
  const read = new Map<string, Sample>(
    Object.entries(told).map(([metric, [, value]]) => [
      metric,
      value instanceof Error
        ? { metric, fault: { code: 'POINT_REFUSED', message: value.message } }
        : { metric, value, quality: 'good' },
    ]),
  )
  return { points, read }
}
/** Values, and codes of faults, by metric. */
const outcomes = (told: Readonly<Record<string, Told>>) => {
  const { points, read } = given(told)
  return Object.fromEntries(
    deviceSamples(points, read).map((sample) => [sample.metric, 'value' in sample ? sample.value : sample.fault.code]),
  )
}
const gone = new Error('gone')
const state = (value: Told[1]): Told => ['state', value]
const condition = (value: Told[1], name: string): Told => ['condition', value, { name }]
const mode = (name: string, value: Told[1]): Told => ['outweighs', value, { name }]
const names = new Map([
  ['4;36', 'Execute'],
  ['4;34', 'Held'],
])
const byNode = (metric: string, value: Told[1]): Told => ['node', value, { state: { metric, names } }]
const numbers = new Map([
  ['0', 'NotAvailable'],
  ['6', 'Execute'],
  ['11', 'Held'],
])
const byNumber = (metric: string, value: Told[1]): Told => ['number', value, { state: { metric, names: numbers } }]
const kitchenMode = (name: string, value: Told[1]): Told => ['mode', value, { name }]

describe('what was read of a device', () => {
  it.each<[string, Record<string, Told>, object]>([
    [
      'is given as it is; doors as words, seconds as minutes',
      { temperature: ['as it is', 180], door_status: ['door', true], time_remaining_minutes: ['seconds', 90] },
      { temperature: 180, door_status: 'open', time_remaining_minutes: 1.5 },
    ],
    [
      'does what its busiest part does',
      {
        operational_status: kitchenMode('ChamberMode', 1),
        'additional.chamber_2_operational_status': kitchenMode('ChamberMode', 17),
        'additional.chamber_3_operational_status': kitchenMode('ChamberMode', 4),
      },
      {
        operational_status: 'running',
        cycle_stage: 'baking',
        'additional.chamber_2_operational_status': 'running',
        'additional.chamber_2_cycle_stage': 'baking',
        'additional.chamber_3_operational_status': 'preheating',
        'additional.chamber_3_cycle_stage': 'preheat',
      },
    ],
    [
      'has an error where one part has',
      {
        operational_status: kitchenMode('CombiSteamerMode', 5),
        'additional.chamber_2_operational_status': kitchenMode('CombiSteamerMode', 10),
        'additional.chamber_3_operational_status': kitchenMode('CombiSteamerMode', 99),
      },
      {
        operational_status: 'error',
        cycle_stage: 'unknown',
        'additional.chamber_2_operational_status': 'error',
        'additional.chamber_2_cycle_stage': 'unknown',
        'additional.chamber_3_operational_status': 'VALUE_INVALID',
      },
    ],
    [
      'keeps its faults',
      { temperature: ['as it is', gone], door_status: ['door', gone] },
      { temperature: 'POINT_REFUSED', door_status: 'POINT_REFUSED' },
    ],
    [
      'has the meaning of its mode, and of those of further chambers',
      {
        operational_status: kitchenMode('CombiSteamerMode', 5),
        'additional.chamber_2_operational_status': kitchenMode('ChamberMode', 4),
      },
      {
        operational_status: 'running',
        cycle_stage: 'baking',
        'additional.chamber_2_operational_status': 'preheating',
        'additional.chamber_2_cycle_stage': 'preheat',
      },
    ],
    [
      'is a fault for a mode that is not known',
      { operational_status: kitchenMode('CombiSteamerMode', 99) },
      { operational_status: 'VALUE_INVALID' },
    ],
    [
      'is the innermost state that is active, faults of the others aside',
      { a: state('Cleared'), b: state('Running'), c: state('Held'), d: state(gone) },
      { 'additional.state': 'Held', operational_status: 'paused' },
    ],
    [
      'is the state of the item where there is no other',
      { item: ['item state', 'Executing'], a: state(gone) },
      { 'additional.state': 'Executing', operational_status: 'running' },
    ],
    [
      'is the state that its node names, in whatever language its words are',
      { a: state('Ausführen'), a_node: byNode('a', '4;36') },
      { 'additional.state': 'Execute', operational_status: 'running' },
    ],
    [
      'is the state that its number names, where its node names none',
      { a: state('Angehalten'), a_node: byNode('a', '4;999'), a_nr: byNumber('a', 11) },
      { 'additional.state': 'Held', operational_status: 'paused' },
    ],
    [
      'is the node of the state before its number, and its words before a number that the server does not keep',
      {
        a: state('Angehalten'),
        a_node: byNode('a', '4;34'),
        a_nr: byNumber('a', 6),
        b: state('Aborted'),
        b_nr: byNumber('b', 0),
      },
      { 'additional.state': 'Aborted', operational_status: 'error' },
    ],
    [
      'is no state of a machine that has none, whatever its node and number were',
      { a: state('Idle'), b: state(gone), b_node: byNode('b', '4;36'), c: state(''), c_nr: byNumber('c', 11) },
      { 'additional.state': 'Idle', operational_status: 'ready', cycle_stage: 'idle' },
    ],
    [
      'is fit for use where node and number are faults',
      { a: state('Idle'), a_node: byNode('a', gone), a_nr: byNumber('a', gone) },
      { 'additional.state': 'Idle', operational_status: 'ready', cycle_stage: 'idle' },
    ],
    [
      'is a fault for words that neither explains',
      { a: state('Angehalten'), a_node: byNode('a', gone), a_nr: byNumber('a', 99) },
      { 'additional.state': 'Angehalten', operational_status: 'VALUE_INVALID' },
    ],
    [
      'is not the state of the item where there is another',
      { item: ['item state', 'Executing'], a: state('Idle') },
      { 'additional.state': 'Idle', operational_status: 'ready', cycle_stage: 'idle' },
    ],
    [
      'names a state that is not known, and says so',
      { a: state('Dancing') },
      { 'additional.state': 'Dancing', operational_status: 'VALUE_INVALID' },
    ],
    [
      'is the fault of the outermost state where none is known',
      { a: state(gone) },
      { operational_status: 'POINT_REFUSED' },
    ],
    ['is a fault where all states are empty', { a: state('') }, { operational_status: 'VALUE_INVALID' }],
    [
      'is a mode that outweighs the state',
      { a: state('Execute'), 'additional.program': mode('WS_Cur_Prog', 8) },
      {
        'additional.state': 'Execute',
        'additional.program': 8,
        operational_status: 'cleaning',
        cycle_stage: 'cleaning',
      },
    ],
    [
      'stays an error whatever the mode',
      { a: state('Aborted'), 'additional.program': mode('WS_Cur_Prog', 8) },
      { 'additional.state': 'Aborted', 'additional.program': 8, operational_status: 'error' },
    ],
    [
      'is an error with a condition that is active, which is named with the others',
      { a: state('Execute'), x: condition(true, 'Overheated'), y: condition(false, 'Door'), z: condition(true, 'Fan') },
      {
        'additional.state': 'Execute',
        'additional.error_conditions': 'Overheated, Fan',
        operational_status: 'error',
      },
    ],
    [
      'has no condition where none is active',
      { x: condition(false, 'Overheated'), y: condition(false, 'Door') },
      { 'additional.error_conditions': 'none' },
    ],
    [
      'does not say that none is active where one is not known',
      { x: condition(false, 'Overheated'), y: condition(gone, 'Door') },
      { 'additional.error_conditions': 'POINT_REFUSED' },
    ],
    [
      'is an error where the device says that it has failed, as a word',
      { 'additional.device_health': ['as it is', 'Failure'], a: state('Execute') },
      { 'additional.device_health': 'Failure', 'additional.state': 'Execute', operational_status: 'error' },
    ],
    [
      'is an error where the device says that it has failed, as a number',
      { 'additional.device_health': ['as it is', 1] },
      { 'additional.device_health': 1, operational_status: 'error' },
    ],
    [
      'is no error where its health is normal, or not known',
      { 'additional.device_health': ['as it is', 0], a: state('Idle') },
      { 'additional.device_health': 0, 'additional.state': 'Idle', operational_status: 'ready', cycle_stage: 'idle' },
    ],
    [
      'names what HACCP asks for',
      { temperature: ['as it is', 3, { isHaccp: true }], humidity: ['as it is', 80] },
      { temperature: 3, humidity: 80, 'additional.haccp': 'temperature' },
    ],
  ])('%s', (_name, told, expected) => {
    expect(outcomes(told)).toEqual(expected)
  })

  it('has one sample of each metric, and none of points that were not read', () => {
    const { points, read } = given({
      temperature: ['as it is', 3, { isHaccp: true }],
      a: state('Idle'),
      item: ['item state', 'Executing'],
    })
    read.delete('temperature')
    const metrics = deviceSamples(points, read).map(({ metric }) => metric)
    expect(metrics).toEqual(['additional.state', 'operational_status', 'cycle_stage'])
  })

  it('keeps the quality and the time of what decided', () => {
    const { points, read } = given({ a: state('Cleared'), b: state('Running') })
    read.set('b', { metric: 'b', value: 'Running', quality: 'uncertain', doubt: 'b: old', sourceTime: 5 })
    expect(deviceSamples(points, read)).toContainEqual({
      metric: 'operational_status',
      value: 'running',
      quality: 'uncertain',
      doubt: 'b: old',
      sourceTime: 5,
    })
  })
})
