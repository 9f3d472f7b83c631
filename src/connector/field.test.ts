import { describe, expect, it } from 'vitest'
import { field } from './field.ts'

describe('a host', () => {
  it.each([
    '10.0.4.17',
    'oven',
    'oven-1.bakery.local',
    'oven.',
    'fd00::17',
    '::1',
    'xn--bckerei-5wa.example',
    'a'.repeat(63),
  ])('may be %s', (host) => {
    expect(field.host().safeParse(host).success).toBe(true)
  })

  it.each([
    ['nothing', ''],
    ['a scheme', 'http://10.0.4.17'],
    ['a port', '10.0.4.17:502'],
    ['a path', 'oven/x'],
    ['a user', 'admin@oven'],
    ['a zone', 'fe80::1%eth0'],
    ['a space', 'oven 1'],
    ['brackets', '[::1]'],
    ['a decimal address', '2130706433'],
    ['a hexadecimal address', '0x7f000001'],
    ['a short address', '127.1'],
    ['an octal address', '0177.0.0.1'],
    ['a last label in hexadecimal', '1.2.3.0x4'],
    ['a label that is too long', 'a'.repeat(64)],
    ['a name that is too long', `${'a.'.repeat(127)}a`],
    ['letters outside ASCII', 'bäckerei'],
    ['a NUL', 'oven\u0000'],
  ])('may not have %s', (_, host) => {
    expect(field.host().safeParse(host).success).toBe(false)
  })
})

describe('a URL', () => {
  it.each([
    'http://10.0.4.17',
    'https://oven.example/api/v1',
    'https://oven.example:8443',
    'http://[fd00::17]:8080/x',
    'HTTPS://Oven.example',
  ])('may be %s', (url) => {
    expect(field.url().safeParse(url).success).toBe(true)
  })

  it.each([
    ['another scheme', 'ftp://oven.example'],
    ['a file', 'file:///etc/passwd'],
    ['no scheme', 'oven.example'],
    ['a user', 'https://admin:secret@oven.example'],
    ['a query', 'https://oven.example/?a=1'],
    ['a fragment', 'https://oven.example/#a'],
    ['backslashes', 'https:\\\\oven.example'],
    ['a decimal address', 'http://2130706433'],
    ['a short address', 'http://127.1/'],
    ['an octal address', 'http://0177.0.0.1/'],
    ['an IPv4 address in full-width digits', 'http://１２７.0.0.1/'],
    ['a port that is none', 'http://oven.example:99999'],
    ['a space', 'http://oven .example'],
  ])('may not have %s', (_, url) => {
    expect(field.url().safeParse(url).success).toBe(false)
  })
})

it.each([
  ['/cabinet/temp', true],
  ['', true],
  ['/a~1b/m~0n/0', true],
  ['cabinet/temp', false],
  ['/a~2', false],
])('the JSON pointer %j: %s', (pointer, accepted) => {
  expect(field.jsonPointer().safeParse(pointer).success).toBe(accepted)
})

it.each([
  ['/data', true],
  ['/api/{equipment_id}/data?x=1', true],
  ['data', false],
  ['//evil.example/x', false],
  ['/a b', false],
  ['/a\\b', false],
  ['/a\r\nX: 1', false],
])('the path %j: %s', (path, accepted) => {
  expect(field.path('/').safeParse(path).success).toBe(accepted)
})
