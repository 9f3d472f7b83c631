import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluatePointer } from './json-pointer.ts'

/** RFC 6901, 5 */
const document: unknown = JSON.parse(
  '{"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\\\j":5,"k\\"l":6," ":7,"m~n":8,"__proto__":{"x":9},"null":null}',
)

describe('evaluatePointer', () => {
  it.each([
    ['', document],
    ['/foo', ['bar', 'baz']],
    ['/foo/0', 'bar'],
    ['/', 0],
    ['/a~1b', 1],
    ['/c%d', 2],
    ['/e^f', 3],
    ['/g|h', 4],
    ['/i\\j', 5],
    ['/k"l', 6],
    ['/ ', 7],
    ['/m~0n', 8],
    ['/__proto__/x', 9],
    ['/null', null],
  ])('finds %s', (pointer, value) => {
    expect(evaluatePointer(document, pointer)).toEqual(value)
  })

  it.each([
    '/missing',
    '/foo/2',
    '/foo/-',
    '/foo/-1',
    '/foo/00',
    '/foo/01',
    '/foo/1e0',
    '/foo/length',
    '/foo/0/0',
    '/foo/0/length',
    '/constructor',
    '/toString',
    '/foo/constructor/prototype',
    '/null/x',
    '//x',
    'foo',
    '/m~01',
  ])('finds nothing at %s', (pointer) => {
    expect(evaluatePointer(document, pointer)).toBeUndefined()
  })

  it('turns ~01 into ~1, not into /', () => {
    expect(evaluatePointer({ '~1': 'right', '/': 'wrong' }, '/~01')).toBe('right')
  })

  it('finds every value of every document by the pointer that leads there', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { maxLength: 5 }), fc.jsonValue(), (names, value) => {
        const nested = names.reduceRight<unknown>((inner, name) => Object.fromEntries([[name, inner]]), value)
        const pointer = names.map((name) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
        expect(evaluatePointer(nested, pointer)).toEqual(value)
      }),
    )
  })
})
