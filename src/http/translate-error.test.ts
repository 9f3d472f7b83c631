import { expect, it } from 'vitest'
import { BakewireError } from '#core'
import { translateError } from './translate-error.ts'

const thrown = (code: string, statusCode?: number) => Object.assign(new Error('theirs'), { code, statusCode })

it.each([
  ['our own', new BakewireError('SECRET_REQUIRED', 'ours'), 'SECRET_REQUIRED'],
  ['a body that is too large', thrown('FST_ERR_CTP_BODY_TOO_LARGE', 413), 'BODY_TOO_LARGE'],
  ['a media type', thrown('FST_ERR_CTP_INVALID_MEDIA_TYPE', 415), 'MEDIA_TYPE_UNSUPPORTED'],
  ['an address that cannot be read', thrown('FST_ERR_BAD_URL', 400), 'NOT_FOUND'],
  ['a time-out', thrown('ERR_HTTP_REQUEST_TIMEOUT', 400), 'REQUEST_TIMED_OUT'],
  ['an answer that took too long', thrown('FST_ERR_HANDLER_TIMEOUT', 503), 'UNAVAILABLE'],
  ['an unknown refusal', thrown('FST_ERR_NEW', 400), 'REQUEST_MALFORMED'],
  ['an unknown failure', thrown('FST_ERR_NEW', 500), 'INTERNAL'],
  ['a name of Object.prototype as code', thrown('constructor', 500), 'INTERNAL'],
  ['an error without a code', new TypeError('x is not a function'), 'INTERNAL'],
  ['something that is no error', 'text', 'INTERNAL'],
  ['nothing', undefined, 'INTERNAL'],
])('translates %s', (_name, error, code) => {
  expect(translateError(error).code).toBe(code)
})
