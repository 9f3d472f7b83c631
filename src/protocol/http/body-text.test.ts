import { deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { codingOf, textOf, unpack } from './body-text.ts'
import { faultOf } from './client-fixture.ts'

const bytesMax = 20_000
const unpacked = (packed: Buffer, coding: string) => unpack(packed, { coding, bytesMax, what: 'GET /status' })
const zeros = (count: number) => Buffer.alloc(count)

describe('a packed body', () => {
  it.each<[string, string, (bytes: Buffer) => Buffer]>([
    ['gzip', 'gzip', gzipSync],
    ['x-gzip', 'x-gzip', gzipSync],
    ['deflate', 'deflate', deflateSync],
    ['gzip in two members', 'gzip', (bytes) => Buffer.concat([gzipSync(bytes.subarray(10)), gzipSync(zeros(10))])],
  ])('(%s) is unpacked up to the bound, and not a byte further', async (_name, coding, pack) => {
    expect(await unpacked(pack(zeros(bytesMax)), coding)).toEqual(zeros(bytesMax))
    const before = process.memoryUsage().rss
    for (const tooMany of [bytesMax + 1, 64 * 1024 * 1024]) {
      const fault = 'PROTOCOL_VIOLATED: GET /status answered with more than 20000 bytes'
      expect(await faultOf(unpacked(pack(zeros(tooMany)), coding))).toBe(fault)
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(256 * 1024 * 1024)
  })

  it.each([
    ['that is cut', gzipSync('{"v":1}').subarray(0, -9), 'gzip'],
    ['that is none', Buffer.from('{"v":1}'), 'deflate'],
    ['packed twice', gzipSync('{"v":1}'), 'gzip, gzip'],
    ['in a coding that was never asked for', Buffer.from('{"v":1}'), 'br'],
  ])('%s is refused', async (_name, packed, coding) => {
    expect(await faultOf(unpacked(packed, coding))).toMatch(/^PROTOCOL_VIOLATED: GET \/status answered (with a|in a) /)
  })

  it.each<[string | undefined, string, string | undefined]>([
    [undefined, 'x', undefined],
    ['identity', 'x', undefined],
    [' GZip ', 'x', 'gzip'],
    ['gzip', '', undefined],
  ])('whose content-encoding is %s, of the body "%s", is packed as %s', (header, body, coding) => {
    const headers = new Map(header === undefined ? [] : [['content-encoding', header]])
    expect(codingOf({ status: 200, headers, body: Buffer.from(body) })).toBe(coding)
  })
})

describe('the text of a body', () => {
  const latin1 = Buffer.from('23,5 °C', 'latin1')
  it.each<[string, Buffer, string | undefined, string]>([
    ['in UTF-8', Buffer.from('23,5 °C'), undefined, '23,5 °C'],
    ['with a mark', Buffer.from('\ufeff23,5 °C'), 'application/json', '23,5 °C'],
    ['in Latin-1, and says nothing', latin1, undefined, '23,5 °C'],
    ['in Latin-1, and says that it is UTF-8', latin1, 'application/json; charset=utf-8', '23,5 °C'],
    ['in Latin-1, and says so', latin1, 'application/json; charset="ISO-8859-1"', '23,5 °C'],
    ['in Latin-1, and says something unknown', latin1, 'text/plain; charset=klingon', '23,5 °C'],
    ['in UTF-16, and says so', Buffer.from('23,5 °C', 'utf16le'), 'text/plain; charset=utf-16le', '23,5 °C'],
    [
      'with a byte too many, and says that it is Japanese',
      Buffer.from([0x31, 0x81]),
      'a/b; charset=shift_jis',
      '1\ufffd',
    ],
  ])('%s', (_name, bytes, contentType, text) => {
    expect(textOf(bytes, contentType)).toBe(text)
  })
})
