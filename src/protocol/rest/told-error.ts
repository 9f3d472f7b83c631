import { BakewireError } from '#connector'

/** The longest word of a machine that goes into a message. */
const wordLengthMax = 80

const auth =
  /unauthori[sz]ed|unauthenticated|forbidden|access denied|not (logged|signed) in|log.?in|sign.?in|authenticat|credential|password|(invalid|wrong|bad|missing|expired|unknown) (access |api |auth )?(token|key|session)|(token|key|session) (is |has )?(invalid|wrong|missing|expired|unknown|revoked)/i
const busy =
  /busy|too many|rate.?limit|throttl|quota|try again|retry|overload|time.?out|timed out|temporar|unavailable|maintenance|starting|not ready|offline/i

type Members = Readonly<Record<string, unknown>>

/** What a machine says is wrong: its own words, and the number that it gives where that is one of HTTP's. */
interface Told {
  readonly words: readonly string[]
  readonly status: number | undefined
}

/**
 * The fault that a document tells although its status was good: `{"error": …}`, `{"errors": […]}`, `{"success": false}`,
 * `{"status": "error"}`, `{"code": 401, "message": …}`. CREDENTIALS_REJECTED, DEVICE_BUSY or PROTOCOL_VIOLATED; undefined
 * where the document tells none. `secrets` are kept out of the message, for machines repeat what they refuse.
 */
export function toldError(document: unknown, what: string, secrets: readonly string[] = []): BakewireError | undefined {
  const told = errorIn(document)
  if (!told) return undefined
  const word = plainWord(told.words.join(': '), secrets)
  const code = codeOf(told)
  return new BakewireError(code, `${what} was answered with an error${word === '' ? '' : `: ${word}`}`)
}

function codeOf({ words, status }: Told): 'CREDENTIALS_REJECTED' | 'DEVICE_BUSY' | 'PROTOCOL_VIOLATED' {
  const text = words.join(' ').replace(/[_-]+/g, ' ')
  if (status === 401 || status === 403) return 'CREDENTIALS_REJECTED'
  if (status === 408 || status === 429 || (status !== undefined && status >= 500)) return 'DEVICE_BUSY'
  if (auth.test(text)) return 'CREDENTIALS_REJECTED'
  return busy.test(text) ? 'DEVICE_BUSY' : 'PROTOCOL_VIOLATED'
}

function errorIn(document: unknown): Told | undefined {
  const members = membersOf(document)
  const error = [members['error'], members['errors'], members['fault']].map(firstOf).find(isError)
  const status = statusIn(members) ?? statusIn(membersOf(error))
  const isTold =
    error !== undefined ||
    members['success'] === false ||
    members['ok'] === false ||
    /^(error|fail(ed|ure)?)$/i.test(String(members['status'])) ||
    (status !== undefined && typeof members['message'] === 'string')
  if (!isTold) return undefined
  return { words: [...wordsIn(error), ...wordsIn(members)], status }
}

/** Most say one error; of several the first tells enough. */
function firstOf(value: unknown): unknown {
  return Array.isArray(value) ? value[0] : value
}

function isError(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false && value !== 0 && value !== ''
}

function statusIn(members: Members): number | undefined {
  const given = ['code', 'status', 'statusCode', 'status_code', 'error', 'error_code'].map((name) =>
    Number(members[name]),
  )
  return given.find((status) => Number.isInteger(status) && status >= 400 && status <= 599)
}

function wordsIn(value: unknown): string[] {
  if (typeof value === 'string' || typeof value === 'number') return [bounded(value)]
  const members = membersOf(value)
  const texts = [
    members['code'],
    members['message'],
    members['detail'],
    members['error_description'],
    members['reason'],
  ]
  return texts.filter((text) => typeof text === 'string' || typeof text === 'number').map(bounded)
}

function bounded(text: unknown): string {
  return String(text).slice(0, 1_000)
}

/** Letters, digits and simple marks only, without secrets and without anything that looks like one. */
function plainWord(text: string, secrets: readonly string[]): string {
  let plain = text
  for (const secret of secrets) if (secret !== '') plain = plain.replaceAll(secret, '***')
  plain = plain.replace(/[A-Za-z0-9+/=_.-]{20,}/g, (run) => (/\d/.test(run) ? '***' : run))
  plain = plain.replace(/[^\p{L}\p{N} .,:;*()'/_-]+/gu, ' ').replace(/ +/g, ' ')
  return [...plain.trim()].slice(0, wordLengthMax).join('').trim()
}

function membersOf(value: unknown): Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : {}
}
