import { describe, expect, it } from 'vitest'
import { parseBrowseName, parseNode } from './node-address.ts'

const uri = 'http://vendor.example/oven/'

describe('parseNode', () => {
  it.each([
    ['i=2258', { namespace: undefined, kind: 'i', identifier: '2258' }],
    [`nsu=${uri};s=Oven/Temperature`, { namespace: uri, kind: 's', identifier: 'Oven/Temperature' }],
    [`nsu=${uri};s=a;b=c`, { namespace: uri, kind: 's', identifier: 'a;b=c' }],
    ['nsu=urn:a%3Bb%25;i=1', { namespace: 'urn:a;b%', kind: 'i', identifier: '1' }],
    [
      'g=72962B91-FA75-4AE6-8D28-B404DC7DAF63',
      { namespace: undefined, kind: 'g', identifier: '72962B91-FA75-4AE6-8D28-B404DC7DAF63' },
    ],
    ['b=M/RbKBsRVkePCePcx24oRA==', { namespace: undefined, kind: 'b', identifier: 'M/RbKBsRVkePCePcx24oRA==' }],
  ])('%s', (text, address) => {
    expect(parseNode(text)).toEqual(address)
  })

  it.each(['', 'ns=2;s=Oven', 'nsu=;i=1', 's=', 'i=-1', 'i=01', 'i=4294967296', 'g=1', 'b=§', 'x=1', 'Oven'])(
    'is none: %j',
    (text) => expect(parseNode(text)).toBeUndefined(),
  )
})

describe('parseBrowseName', () => {
  it.each([
    ['Chamber', { namespace: undefined, name: 'Chamber' }],
    [`nsu=${uri};Chamber`, { namespace: uri, name: 'Chamber' }],
    ['2:Chamber', { namespace: undefined, name: '2:Chamber' }],
  ])('%s', (text, name) => expect(parseBrowseName(text)).toEqual(name))

  it.each(['', 'nsu=', `nsu=${uri}`, `nsu=${uri};`, 'ns=2;Chamber'])('is none: %j', (text) =>
    expect(parseBrowseName(text)).toBeUndefined(),
  )
})
