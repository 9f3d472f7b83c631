import { describe, expect, it } from 'vitest'
import { openRequestOf } from './open-request.ts'

const frame = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex')

describe('openRequestOf', () => {
  it.each([
    ['coils', '03 01 0000 0009 0000', { unitId: 3, functionCode: 1, byteCount: 2 }],
    ['discrete inputs', 'ff 02 0010 0008 0000', { unitId: 255, functionCode: 2, byteCount: 1 }],
    ['holding registers', '00 03 0000 007d 0000', { unitId: 0, functionCode: 3, byteCount: 250 }],
    ['input registers', '01 04 0000 0001 0000', { unitId: 1, functionCode: 4, byteCount: 2 }],
  ])('%s', (_name, hex, request) => {
    expect(openRequestOf(frame(hex))).toEqual(request)
  })

  it('refuses what is no read', () => {
    expect(() => openRequestOf(frame('01 06 0000 0001 0000'))).toThrow('only the four read functions')
  })
})
