import { describe, expect, it } from 'vitest'
import { openRequestOf } from './open-request.ts'

const frame = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex')

describe('openRequestOf', () => {
  it.each([
    ['coils', '03 01 0000 0009 0000', { unitId: 3, functionCode: 1, told: frame('02'), bodyBytes: 3 }],
    ['discrete inputs', 'ff 02 0010 0008 0000', { unitId: 255, functionCode: 2, told: frame('01'), bodyBytes: 2 }],
    ['holding registers', '00 03 0000 007d 0000', { unitId: 0, functionCode: 3, told: frame('fa'), bodyBytes: 251 }],
    ['input registers', '01 04 0000 0001 0000', { unitId: 1, functionCode: 4, told: frame('02'), bodyBytes: 3 }],
    ['one coil', '01 05 0007 ff00 0000', { unitId: 1, functionCode: 5, told: frame('0007 ff00'), bodyBytes: 4 }],
    ['one register', '01 06 0007 00b9 0000', { unitId: 1, functionCode: 6, told: frame('0007 00b9'), bodyBytes: 4 }],
    [
      'coils to write',
      '01 0f 0007 0001 01 01 0000',
      { unitId: 1, functionCode: 15, told: frame('0007 0001'), bodyBytes: 4 },
    ],
    [
      'registers to write',
      '01 10 0007 0001 02 00b9 0000',
      { unitId: 1, functionCode: 16, told: frame('0007 0001'), bodyBytes: 4 },
    ],
    ['bits', '01 16 0007 fff0 0005 0000', { unitId: 1, functionCode: 22, told: frame('0007 fff0 0005'), bodyBytes: 6 }],
  ])('%s', (_name, hex, request) => {
    expect(openRequestOf(frame(hex))).toEqual(request)
  })

  it('refuses what nobody sends', () => {
    expect(() => openRequestOf(frame('01 08 0000 0001 0000'))).toThrow('function 8 is not framed here')
  })
})
