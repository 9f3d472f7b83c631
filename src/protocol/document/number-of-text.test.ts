import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Quantity } from '#core'
import { numberOfText } from './number-of-text.ts'

describe('numberOfText', () => {
  it.each([
    ['23.5', 23.5],
    ['-18', -18],
    ['0', 0],
    ['123456789012345', 123_456_789_012_345],
    [' 23.5\t', 23.5],
    ['1.234', 1.234],
    ['23,5', 23.5],
    ['-23,55', -23.55],
    ['0,5', 0.5],
    ['0,500', 0.5],
    ['1234,567', 1234.567],
    ['1,2345', 1.2345],
    ['1.234,5', 1234.5],
    ['-1.234.567,25', -1_234_567.25],
    ['1.234,567', 1234.567],
    ['1,234.5', 1234.5],
    ['23.5 C', 23.5],
    ['23.5C', 23.5],
    ['23,5 °C', 23.5],
    ['23.5\u00a0°C', 23.5],
    ['23.5 ℃', 23.5],
    ['23.5 deg  C', 23.5],
    ['74.3 °F', 23.5],
    ['74,3 F', 23.5],
    ['300 K', 26.85],
  ])('%j is %d', (text, value) => {
    expect(numberOfText(text, { quantity: 'temperature' })).toMatchObject({ value })
  })

  it.each<[string, Quantity, number]>([
    ['65 %', 'fraction', 65],
    ['65%', 'fraction', 65],
    ['65 % RH', 'fraction', 65],
    ['650 ‰', 'fraction', 65],
    ['4200 W', 'power', 4.2],
    ['1.500,5 kWh', 'energy', 1500.5],
    ['500 g', 'mass', 0.5],
    ['90 s', 'time', 1.5],
    ['1400 U/min', 'rotation', 1400],
  ])('%j as %s is %d', (text, quantity, value) => {
    expect(numberOfText(text, { quantity })).toMatchObject({ value })
  })

  it('keeps the number as it stands beside the converted one', () => {
    expect(numberOfText('74.3 °F', { quantity: 'temperature' })).toEqual({ raw: 74.3, value: 23.5, unit: '[degF]' })
  })

  it.each([
    ['1,234', 'ambiguous'],
    ['-12,345', 'ambiguous'],
    ['123,456 °C', 'ambiguous'],
    ['', 'empty text'],
    [' ', 'empty text'],
    ['N/A', 'the machine says that it has no value'],
    ['n/a', 'the machine says that it has no value'],
    ['--', 'the machine says that it has no value'],
    ['----', 'the machine says that it has no value'],
    ['NaN', 'the machine says that it has no value'],
    ['null', 'the machine says that it has no value'],
    ['65 %', 'the machine says %, which is no unit of temperature'],
    ['23.5 Oe', 'a unit known here'],
    ['23.5 c', 'a unit known here'],
    ['1e3', 'a unit known here'],
    ['0x10', 'a unit known here'],
    ['23.5 °C 24.0 °C', 'a unit known here'],
    ['1,234,567', 'not a plain decimal number'],
    ['1.234.567', 'not a plain decimal number'],
    ['1.23,4', 'not a plain decimal number'],
    ['1,23.4', 'not a plain decimal number'],
    ['0.234,5', 'not a plain decimal number'],
    ['23.', 'not a plain decimal number'],
    ['23,', 'not a plain decimal number'],
    ['.5', 'not a plain decimal number'],
    ['+5', 'not a plain decimal number'],
    ['007', 'not a plain decimal number'],
    ['--5', 'not a plain decimal number'],
    ['Infinity', 'not a plain decimal number'],
    ['°C', 'not a plain decimal number'],
    ['٢٣', 'not a plain decimal number'],
    ['1234567890123456', 'more than 15 digits'],
  ])('%j: %s', (text, message) => {
    const given = numberOfText(text, { quantity: 'temperature' })
    expect(given).toMatchObject({ code: 'VALUE_INVALID', message: expect.stringContaining(message) })
  })

  it.each<[string, string, Quantity, number | undefined]>([
    ['74.3 °F', '[degF]', 'temperature', 74.3],
    ['23.5 °C', 'Cel', 'temperature', 23.5],
    ['23.5', '[degF]', 'temperature', 23.5],
    ['74.3 °F', 'Cel', 'temperature', undefined],
    ['23.5 °C', '[degF]', 'temperature', undefined],
    ['23.5 K', 'Cel', 'temperature', undefined],
    ['12 kWh', 'kW.h', 'energy', 12],
    ['12 kWh', 'kWh', 'energy', 12],
    ['12 Wh', 'kWh', 'energy', undefined],
    ['65 %', '%', 'fraction', 65],
    ['65 %', '1', 'fraction', undefined],
  ])('%j where the unit is %s: %s', (text, unit, quantity, value) => {
    const given = numberOfText(text, { quantity, unit })
    if (value === undefined)
      expect(given).toMatchObject({ message: expect.stringContaining("but the point's unit is") })
    else expect(given).toMatchObject({ value })
  })

  it('never reads a text as another number than the one it was written of', () => {
    const german = new Intl.NumberFormat('de-DE', { maximumFractionDigits: 2, useGrouping: true })
    fc.assert(
      fc.property(fc.integer({ min: -10_000_000, max: 10_000_000 }), (hundredths) => {
        const given = numberOfText(german.format(hundredths / 100), { quantity: 'energy' })
        const isWhole = hundredths % 100 === 0
        // A whole number of thousands has a point only, as a decimal fraction has.
        fc.pre(!isWhole || Math.abs(hundredths) < 100_000)
        expect(given).toMatchObject({ value: hundredths / 100 })
      }),
    )
  })
})
