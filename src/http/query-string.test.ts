import { expect, it } from 'vitest'
import { parseQueryString, queryFaults } from './query-string.ts'

it.each([
  ['', {}],
  ['&&', {}],
  ['a=1&b=2', { a: '1', b: '2' }],
  ['a', { a: '' }],
  ['a=b=c', { a: 'b=c' }],
  ['a=x+y%20z&%C3%A9=%F0%9F%98%80', { a: 'x y z', é: '😀' }],
  ['__proto__=1&constructor=2', Object.assign(Object.create(null), { ['__proto__']: '1', constructor: '2' })],
  ['a[]=1&a[b]=2', { 'a[]': '1', 'a[b]': '2' }],
])('reads %s', (text, expected) => {
  const query = parseQueryString(text)
  expect(Object.entries(query)).toEqual(Object.entries(expected))
  expect(queryFaults(query)).toEqual([])
})

it.each([
  ['a=1&a=2', 'a', 'is given more than once'],
  ['a=1&%61=1', 'a', 'is given more than once'],
  ['a=%', 'a', 'is not percent-encoded UTF-8 without NUL'],
  ['a=%ff', 'a', 'is not percent-encoded UTF-8 without NUL'],
  ['a=%ED%A0%80', 'a', 'is not percent-encoded UTF-8 without NUL'],
  ['a=%00', 'a', 'is not percent-encoded UTF-8 without NUL'],
  ['%zz=1', '', 'is not percent-encoded UTF-8 without NUL'],
])('finds the fault in %s', (text, path, message) => {
  expect(queryFaults(parseQueryString(text))).toEqual([{ path, message }])
})
