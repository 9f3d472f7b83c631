import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BakewireError, limits } from '#core'
import { strictJson } from './strict-json.ts'

const parse = (text: string | Buffer) => strictJson(Buffer.from(text as string))

function refusal(text: string | Buffer) {
  try {
    parse(text)
  } catch (error) {
    if (error instanceof BakewireError) return { code: error.code, ...error.errors[0] }
    throw error
  }
  return 'accepted'
}

describe('strictJson', () => {
  it.each([
    ['{}', {}],
    [' \t\r\n{ "a" : [ ] , "b" : { } } \n', { a: [], b: {} }],
    ['{"a":[1,-2.5,1e3,0.1,true,false,null,"x"]}', { a: [1, -2.5, 1000, 0.1, true, false, null, 'x'] }],
    ['{"a":"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00"}', { a: '"\\/\b\f\n\r\té😀' }],
    ['{"":1,"a b":2,"é":3}', { '': 1, 'a b': 2, é: 3 }],
    ['{"a":9007199254740991,"b":-9007199254740991}', { a: 9007199254740991, b: -9007199254740991 }],
    ['{"a":0e9,"b":0.0}', { a: 0, b: 0 }],
    ['{"prototype":1,"constructor":"x","toString":2}', { prototype: 1, constructor: 'x', toString: 2 }],
    ['{"a":"\u202eRTL\u200b 𠮷 e\u0301"}', { a: '\u202eRTL\u200b 𠮷 e\u0301' }],
  ])('reads %s', (text, expected) => {
    expect(parse(text)).toEqual(expected)
  })

  it('reads -0 as 0', () => {
    expect(Object.is(parse('{"a":-0}')['a'], 0)).toBe(true)
  })

  it.each([
    ['nothing', '', ''],
    ['null', 'null', ''],
    ['an array', '[]', ''],
    ['a text', '"x"', ''],
    ['a number', '1', ''],
    ['a truncated object', '{"a":{"b":1', 'a'],
    ['a trailing comma', '{"a":1,}', ''],
    ['a trailing comma in an array', '{"a":[1,]}', 'a[1]'],
    ['something behind the object', '{"a":1}x', ''],
    ['a second object', '{}{}', ''],
    ['a comment', '{"a":1/* one */}', ''],
    ['single quotes', "{'a':1}", ''],
    ['a bare name', '{a:1}', ''],
    ['a byte order mark', '\ufeff{}', ''],
    ['NaN', '{"a":NaN}', 'a'],
    ['Infinity', '{"a":-Infinity}', 'a'],
    ['hexadecimal', '{"a":0x10}', ''],
    ['a leading zero', '{"a":01}', ''],
    ['a leading plus', '{"a":+1}', 'a'],
    ['a number without digits', '{"a":-}', 'a'],
    ['a fraction without digits', '{"a":1.}', ''],
    ['1e400', '{"a":[1,1e400]}', 'a[1]'],
    ['1e-400', '{"a":1e-400}', 'a'],
    ['2^53 + 1', '{"a":9007199254740993}', 'a'],
    ['a number of 1000 digits', `{"a":${'1'.repeat(1000)}}`, 'a'],
    ['a doubled name', '{"a":{"b":[{"c":1,"c":2}]}}', 'a.b[0].c'],
    ['a doubled name in another spelling', '{"a":1,"\\u0061":2}', 'a'],
    ['__proto__', '{"a":{"__proto__":{}}}', 'a.__proto__'],
    ['__proto__ in another spelling', '{"\\u005f_proto__":{}}', '__proto__'],
    ['constructor.prototype', '{"constructor":{"prototype":{}}}', 'constructor'],
    ['half a surrogate pair', '{"a":{"b":"\\ud800"}}', 'a.b'],
    ['half a surrogate pair in a name', '{"\\udc00":1}', ''],
    ['NUL', '{"a":["\\u0000"]}', 'a[0]'],
    ['NUL in a name', '{"a\\u0000":1}', ''],
    ['a raw control character', '{"a":"\n"}', 'a'],
    ['an unknown escape', '{"a":"\\x41"}', 'a'],
    ['a short escape', '{"a":"\\u12"}', 'a'],
  ])('refuses %s', (_name, text, path) => {
    expect(refusal(text)).toEqual({ code: 'REQUEST_MALFORMED', path, message: expect.any(String) })
  })

  it('refuses bytes that are not UTF-8', () => {
    expect(refusal(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))).toMatchObject({ message: 'is not UTF-8' })
  })

  it('takes the deepest nesting allowed and refuses one more', () => {
    const nested = (levels: number) => `${'{"a":'.repeat(levels - 1)}{}${'}'.repeat(levels - 1)}`
    expect(refusal(nested(limits.jsonDepthMax))).toBe('accepted')
    expect(refusal(nested(limits.jsonDepthMax + 1))).toMatchObject({ message: 'is nested deeper than 32 levels' })
  })

  it.each([
    ['200,000 brackets', '['.repeat(200_000)],
    ['200,000 objects', '{"a":'.repeat(200_000)],
    ['a name of 1 MB', `{"${'k'.repeat(1_000_000)}":1e400}`],
    ['a text of escapes without an end', `{"a":"${'\\n'.repeat(500_000)}`],
    ['a text of escapes and letters without an end', `{"a":"${'\\nx'.repeat(300_000)}`],
  ])('survives %s', (_name, text) => {
    expect(refusal(text)).toMatchObject({ code: 'REQUEST_MALFORMED' })
  })

  it('keeps the path of a fault short', () => {
    const fault = refusal(`{"${'k'.repeat(100_000)}":1e400}`)
    expect(typeof fault === 'object' && fault.path?.length).toBe(100)
  })

  it('agrees with JSON.parse on everything that JSON.stringify writes', () => {
    const safe = fc.jsonValue({ noUnicodeString: false, maxDepth: 5 })
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }), safe), fc.boolean(), (value, spaced) => {
        const text = JSON.stringify(value, null, spaced ? 2 : undefined)
        const outcome = refusal(text)
        if (outcome === 'accepted') expect(parse(text)).toEqual(withoutMinusZero(JSON.parse(text)))
        else expect(text).toMatch(/__proto__|constructor|\\u0000|\\ud[89a-f]|\d{16}|e[-+]?\d{3}/i)
      }),
    )
  })

  it('never takes what JSON.parse refuses', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ':',
      ',',
      '"',
      '"a"',
      '"b"',
      '\\',
      '1',
      '-',
      '.5',
      'e1',
      'true',
      ' ',
    )
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        const text = `{"x":${parts.join('')}}`
        if (refusal(text) === 'accepted') expect(() => JSON.parse(text)).not.toThrow()
      }),
      { numRuns: 2_000 },
    )
  })
})

function withoutMinusZero(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}
