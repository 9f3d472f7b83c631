const table = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1
  return crc
})

/** CRC of the first `length` bytes, as an RTU frame carries it (low byte first). Source: Modbus over Serial Line V1.02, 6.2.2. */
export function crc16(bytes: Uint8Array, length: number): number {
  let crc = 0xffff
  for (let index = 0; index < length; index++) {
    crc = (crc >> 8) ^ (table[(crc ^ (bytes[index] ?? 0)) & 0xff] ?? 0)
  }
  return crc
}
