import { expect, it } from 'vitest'
import { crc16 } from './crc16.ts'

it.each([
  { bytes: '123456789', crc: 0x4b37 },
  { bytes: '', crc: 0xffff },
])('the CRC of "$bytes" is $crc', ({ bytes, crc }) => {
  expect(crc16(Buffer.from(bytes), bytes.length)).toBe(crc)
})

it('leaves out what stands after the length given', () => {
  expect(crc16(Buffer.from('123456789 and more'), 9)).toBe(0x4b37)
})
