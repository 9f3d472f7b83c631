import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseChallenges } from './parse-challenges.ts'

const parsed = (header: string | undefined) =>
  parseChallenges(header).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)])

it.each([
  ['nothing', undefined, []],
  ['an empty one', ' ', []],
  ['a scheme alone', 'Negotiate', [['negotiate', {}]]],
  [
    'a token',
    'Negotiate YII/+=, Basic realm="x"',
    [
      ['negotiate', {}],
      ['basic', { realm: 'x' }],
    ],
  ],
  ['one', 'Basic realm="oven 4"', [['basic', { realm: 'oven 4' }]]],
  [
    'several in one header, with commas in quotes',
    'Digest realm="a, b", qop="auth,auth-int", nonce=abc, stale=FALSE, Basic realm="Digest x=\\"y\\", z"',
    [
      ['digest', { realm: 'a, b', qop: 'auth,auth-int', nonce: 'abc', stale: 'FALSE' }],
      ['basic', { realm: 'Digest x="y", z' }],
    ],
  ],
  [
    'two digests',
    'Digest realm="r", algorithm=SHA-256, nonce="1",Digest realm="r",algorithm=MD5,nonce="2"',
    [
      ['digest', { realm: 'r', algorithm: 'SHA-256', nonce: '1' }],
      ['digest', { realm: 'r', algorithm: 'MD5', nonce: '2' }],
    ],
  ],
  ['names in capitals and spaces about =', 'DIGEST REALM = "r" , Nonce="n"', [['digest', { realm: 'r', nonce: 'n' }]]],
  ['empty elements', ', ,Basic realm="x",, charset="UTF-8",', [['basic', { realm: 'x', charset: 'UTF-8' }]]],
  [
    'an open quote',
    'Basic realm="x", Digest realm="never closed',
    [
      ['basic', { realm: 'x' }],
      ['digest', {}],
    ],
  ],
] as const)('understands %s', (_name, header, challenges) => {
  expect(parsed(header)).toEqual(challenges)
})

it('ends on any text, soon', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 300 }), (text) => {
      expect(parseChallenges(text).length).toBeLessThanOrEqual(300)
    }),
  )
  for (const hard of ['a '.repeat(50_000), 'a="\\'.repeat(50_000), `a ${'b="'.repeat(50_000)}`, ' ,'.repeat(50_000)])
    expect(parseChallenges(hard).length).toBeLessThanOrEqual(8_192)
})
