import { describe, expect, it } from 'vitest'
import { toldError } from './told-error.ts'

const what = 'GET /data'

describe('toldError', () => {
  it.each<[document: unknown, code: string, word: string]>([
    [{ error: 'sensor bus broken' }, 'PROTOCOL_VIOLATED', ': sensor bus broken'],
    [{ error: true }, 'PROTOCOL_VIOLATED', ''],
    [{ error: {} }, 'PROTOCOL_VIOLATED', ''],
    [{ error: { code: 'E17', message: 'no such device' } }, 'PROTOCOL_VIOLATED', ': E17: no such device'],
    [{ error: 'invalid_request', error_description: 'id' }, 'PROTOCOL_VIOLATED', ': invalid_request: id'],
    [{ errors: ['first', 'second'] }, 'PROTOCOL_VIOLATED', ': first'],
    [{ errors: [{ message: 'Unknown device' }] }, 'PROTOCOL_VIOLATED', ': Unknown device'],
    [{ success: false }, 'PROTOCOL_VIOLATED', ''],
    [{ success: false, message: 'oven not found' }, 'PROTOCOL_VIOLATED', ': oven not found'],
    [{ status: 'error' }, 'PROTOCOL_VIOLATED', ''],
    [{ status: 'FAILED', reason: 'no data' }, 'PROTOCOL_VIOLATED', ': no data'],
    [{ code: 404, message: 'nobody here' }, 'PROTOCOL_VIOLATED', ': 404: nobody here'],
    [{ error: 'Unauthorized' }, 'CREDENTIALS_REJECTED', ': Unauthorized'],
    [{ code: 401, message: 'who are you' }, 'CREDENTIALS_REJECTED', ': 401: who are you'],
    [{ status: 403, message: 'no' }, 'CREDENTIALS_REJECTED', ': no'],
    [{ error: { code: 401 } }, 'CREDENTIALS_REJECTED', ': 401'],
    [{ error: 'invalid_token' }, 'CREDENTIALS_REJECTED', ': invalid_token'],
    [{ error: 'Token expired' }, 'CREDENTIALS_REJECTED', ': Token expired'],
    [{ success: false, message: 'Please login' }, 'CREDENTIALS_REJECTED', ': Please login'],
    [{ errors: [{ message: 'API key is missing' }] }, 'CREDENTIALS_REJECTED', ': API key is missing'],
    [{ error: 'device busy' }, 'DEVICE_BUSY', ': device busy'],
    [{ code: 503, message: 'x' }, 'DEVICE_BUSY', ': 503: x'],
    [{ code: '429', message: 'slow down' }, 'DEVICE_BUSY', ': 429: slow down'],
    [{ error: 'rate_limit_exceeded' }, 'DEVICE_BUSY', ': rate_limit_exceeded'],
    [{ status: 'error', message: 'gateway offline' }, 'DEVICE_BUSY', ': gateway offline'],
  ])('%j is %s%s', (document, code, word) => {
    expect(toldError(document, what)).toMatchObject({ code, message: `GET /data was answered with an error${word}` })
  })

  it.each([
    {},
    [],
    null,
    'error',
    17,
    { error: null },
    { error: false },
    { error: '' },
    { error: 0 },
    { errors: [] },
    { success: true },
    { status: 'ok' },
    { status: 200, message: 'fine' },
    { code: 17, message: 'program 17' },
    { code: 401 },
    { message: 'hello' },
    [{ error: 'in a list' }],
    JSON.parse('{"__proto__": {"error": "inherited"}}'),
  ])('%j tells no error', (document) => {
    expect(toldError(document, what)).toBeUndefined()
  })

  it.each<[string, string]>([
    ['a\u0000b\r\nc\u202ed<script>"é"', 'a b c d script é'],
    ['token hunter2! is wrong', 'token *** is wrong'],
    ['wrong key eyJhbGciOiJIUzI1NiJ9.e30.ZRrHA1JJJW8opsbCGfG', 'wrong key ***'],
    ['an_error_of_a_very_long_name', 'an_error_of_a_very_long_name'],
    [`${'x '.repeat(60)}`, 'x '.repeat(40).trim()],
    ['\u{20000}'.repeat(90), '\u{20000}'.repeat(80)],
    ['[]{}', ''],
  ])('says %j as %j', (error, word) => {
    const told = toldError({ error }, what, ['hunter2!', ''])
    expect(told?.message).toBe(`GET /data was answered with an error${word === '' ? '' : `: ${word}`}`)
  })
})
