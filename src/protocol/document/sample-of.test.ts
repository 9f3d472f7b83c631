import { describe, expect, it } from 'vitest'
import { sampleOf } from './sample-of.ts'

const sample = (metric: string, text: string) => sampleOf(JSON.parse(text), { metric, address: { pointer: '/v' } })

describe('sampleOf', () => {
  it.each([
    ['temperature', '{"v": 23.5}', 23.5],
    ['temperature', '{"v": -18}', -18],
    ['temperature', '{"v": 0}', 0],
    ['temperature', '{"v": 1e-400}', 0],
    ['temperature', '{"v": "23.5"}', 23.5],
    ['temperature', '{"v": "-0.5"}', -0.5],
    ['temperature', '{"v": "100"}', 100],
    ['temperature_zones.core', '{"v": "71.0"}', 71],
    ['temperature', '{"v": "23,5"}', 23.5],
    ['temperature', '{"v": "74.3 °F"}', 23.5],
    ['temperature', '{"v": 85}', 85],
    ['temperature', '{"v": -12.7}', -12.7],
    ['power_kw', '{"v": "4200 W"}', 4.2],
    ['energy_consumption_kwh', '{"v": 65535}', 65_535],
    ['additional.reading', '{"v": "23,5 C"}', '23,5 C'],
    ['additional.counter', '{"v": 9999}', 9_999],
    ['energy_consumption_kwh', '{"v": 123456.789}', 123_456.789],
    ['door_status', '{"v": "open"}', 'open'],
    ['door_status', '{"v": true}', true],
    ['door_status', '{"v": 1}', 1],
    ['operational_status', '{"v": "3"}', '3'],
    ['additional.program', '{"v": "Baguette 250 g"}', 'Baguette 250 g'],
    ['additional.program', '{"v": ""}', ''],
    ['additional.serial', '{"v": "000123"}', '000123'],
    ['additional.fan', '{"v": false}', false],
    ['additional.count', '{"v": 9007199254740991}', 9_007_199_254_740_991],
  ])('%s of %s', (metric, text, value) => {
    expect(sample(metric, text)).toEqual({ metric, value, quality: 'good' })
  })

  it.each([
    ['temperature', '{}', 'temperature at /v: there is nothing where a number is needed'],
    ['temperature', '{"v": null}', 'null (the machine has no value) where a number is needed'],
    ['temperature', '{"v": true}', 'a boolean where a number is needed'],
    ['temperature', '{"v": {}}', 'an object where a number is needed'],
    ['temperature', '{"v": [23.5]}', 'a list where a number is needed'],
    ['temperature', '{"v": 1e400}', 'the number is out of range'],
    ['temperature', '{"v": -1e400}', 'the number is out of range'],
    ['temperature', '{"v": "1,234"}', 'ambiguous: its comma may be a decimal comma or group thousands'],
    ['temperature', '{"v": "N/A"}', 'the machine says that it has no value'],
    ['temperature', '{"v": ""}', 'empty text: the machine has no value'],
    ['temperature', '{"v": -127}', '-127 is what a broken or missing sensor gives'],
    ['temperature', '{"v": "999,9"}', '999.9 is what a broken or missing sensor gives'],
    ['temperature', '{"v": "-127.0 °C"}', '-127 is what a broken or missing sensor gives'],
    ['target_temperature', '{"v": 6553.5}', '6553.5 is what a broken or missing sensor gives'],
    ['temperature_zones.core', '{"v": 32767}', '32767 is what a broken or missing sensor gives'],
    ['temperature_zones.core', '{"v": "hot"}', 'text that is not a plain decimal number'],
    ['door_status', '{}', 'there is nothing where a value is needed'],
    ['door_status', '{"v": null}', 'null (the machine has no value) where a value is needed'],
    ['door_status', '{"v": {"open": true}}', 'an object where a value is needed'],
    ['additional.list', '{"v": []}', 'a list where a value is needed'],
    ['additional.count', '{"v": 1e400}', 'the number is out of range'],
    ['additional.name', '{"v": "a\\u0000b"}', 'text with characters that cannot be stored'],
    ['additional.name', '{"v": "\\ud800"}', 'text with characters that cannot be stored'],
    ['additional.name', `{"v": "${'x'.repeat(257)}"}`, 'text of more than 256 characters'],
  ])('%s of %s: %s', (metric, text, message) => {
    expect(sample(metric, text)).toEqual({
      metric,
      fault: { code: 'VALUE_INVALID', message: expect.stringContaining(message) },
    })
  })

  it.each<[metric: string, text: string, unit: string | undefined, outcome: number | string]>([
    ['temperature', '{"v": "74.3 °F"}', '[degF]', 74.3],
    ['temperature', '{"v": 74.3}', '[degF]', 74.3],
    ['temperature', '{"v": "74.3 °F"}', 'Cel', "the machine says [degF], but the point's unit is Cel"],
    ['energy_consumption_kwh', '{"v": "12 kWh"}', 'kWh', 12],
    ['temperature', '{"v": 850}', undefined, '850 is configured to mean that there is no value'],
    ['temperature', '{"v": "850"}', undefined, '850 is configured to mean that there is no value'],
    ['additional.load', '{"v": 850}', undefined, '850 is configured to mean that there is no value'],
    ['additional.load', '{"v": "850"}', undefined, '850'],
    ['temperature', '{"v": -127}', undefined, '-127 is what a broken or missing sensor gives'],
  ])('%s of %s in %s, where 850 is no value: %s', (metric, text, unit, outcome) => {
    const point = { metric, address: { pointer: '/v', invalid: [850] }, ...(unit === undefined ? {} : { unit }) }
    const given = sampleOf(JSON.parse(text), point)
    if ('fault' in given) expect(given.fault.message).toBe(`${metric} at /v: ${outcome}`)
    else expect(given.value).toBe(outcome)
  })

  it.each<[text: string, unit: string | undefined, outcome: number | string]>([
    ['{"v": 74.3, "u": "F"}', undefined, 23.5],
    ['{"v": 74.3, "u": "°F"}', '[degF]', 74.3],
    ['{"v": "74,3", "u": "F"}', undefined, 23.5],
    ['{"v": "74.3 °F", "u": "C"}', undefined, 23.5],
    ['{"v": 23.5, "u": "C"}', undefined, 23.5],
    ['{"v": 23.5, "u": "C"}', '[degF]', "the machine says Cel, but the point's unit is [degF]"],
    ['{"v": 23.5, "u": "%"}', undefined, 'the machine says %, which is no unit of temperature'],
    ['{"v": 23.5, "u": 1}', undefined, 'the machine gives no unit that is known here'],
    ['{"v": 23.5}', undefined, 'the machine gives no unit that is known here'],
    ['{"v": "N/A", "u": "C"}', undefined, 'the machine says that it has no value'],
    ['{"v": 999.9, "u": "F"}', undefined, '999.9 is what a broken or missing sensor gives'],
  ])('temperature of %s, whose unit is at /u, in %s: %s', (text, unit, outcome) => {
    const point = { metric: 'temperature', address: { pointer: '/v', unit_pointer: '/u' } }
    const given = sampleOf(JSON.parse(text), unit === undefined ? point : { ...point, unit })
    if ('fault' in given) expect(given.fault.message).toBe(`temperature at /v: ${outcome}`)
    else expect(given.value).toBe(outcome)
  })

  it('reads a document that is a value itself', () => {
    expect(sampleOf(21.5, { metric: 'temperature', address: { pointer: '' } })).toMatchObject({ value: 21.5 })
    expect(sampleOf('hot', { metric: 'temperature', address: { pointer: '' } })).toMatchObject({
      fault: { message: 'temperature at the whole document: text that is not a plain decimal number' },
    })
  })
})
