import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { BakewireError } from '#core'
import { type CreatingStores, type IdempotencyStore, isFinal, type KeptAnswer } from '#store'
import { type AuditTrail, createAuditTrail } from './audit-trail.ts'
import { faultAt } from './fault-at.ts'
import { callerOf } from './guard-routes.ts'
import { translateError } from './translate-error.ts'

/** What a route makes new things with: the stores, all in one transaction where the request has an Idempotency-Key. */
export type CreatingTools = Omit<CreatingStores, 'audit'> & { readonly recordChange: AuditTrail }

/** What was made, as the answer shows it, and the headers that go with it. */
export interface Created<Record> {
  readonly record: Record
  readonly headers: { readonly [name in 'location' | 'etag']?: string }
}

/**
 * Answers a POST that makes something. With an Idempotency-Key (draft-ietf-httpapi-idempotency-key-header) it is made once:
 * sent again within a day the request gets the first answer again.
 */
export type CreateOnce = <Record>(
  exchange: { readonly request: FastifyRequest; readonly reply: FastifyReply },
  create: (tools: CreatingTools) => Promise<Created<Record>>,
) => Promise<Record>

/** Something done to a machine, which no transaction takes back. */
export interface Deed<Answer> {
  /** Does it. What it throws means that nothing was done, but for OUTCOME_UNKNOWN and INTERNAL. */
  act(): Promise<Answer>
  /** Comes after its answer is kept, and not when that is given again. */
  afterwards(answer: Answer): Promise<void>
}

/**
 * Answers a POST that does something to a machine. With an Idempotency-Key it is done at most once: what may have been done is
 * kept as an answer is, whatever came of it.
 */
export type DoOnce = <Answer>(
  exchange: { readonly request: FastifyRequest; readonly reply: FastifyReply },
  /** The id in the address. */
  id: string,
  deed: Deed<Answer>,
) => Promise<Answer>

export function createDoOnce(idempotency: IdempotencyStore): DoOnce {
  return async ({ request, reply }, id, { act, afterwards }) => {
    const key = idempotencyKeyOf(request)
    const question = key === undefined ? undefined : repeatable(request, key, id)
    const kept = question && (await idempotency.begin(question))
    if (kept) return replayed(reply, kept)
    const answer = await act().catch(async (thrown: unknown) => {
      if (question) await keepRefusal(question, translateError(thrown))
      throw thrown
    })
    if (question) await idempotency.finish(question, { made: answer })
    await afterwards(answer)
    return answer
  }

  async function keepRefusal(question: ReturnType<typeof repeatable>, error: BakewireError): Promise<void> {
    const { code, message, errors } = error
    const mayBeDone = code === 'OUTCOME_UNKNOWN' || code === 'INTERNAL'
    if (mayBeDone || isFinal(error)) await idempotency.finish(question, { refused: { code, message, errors } })
    else await idempotency.release(question)
  }
}

export function createCreateOnce(stores: CreatingStores, idempotency: IdempotencyStore): CreateOnce {
  return async ({ request, reply }, create) => {
    const key = idempotencyKeyOf(request)
    const { record, headers } =
      key === undefined ? await create(toolsOn(stores)) : await once(repeatable(request, key), { reply, create })
    reply.code(201).headers(headers)
    return record
  }

  async function once<Record>(
    question: ReturnType<typeof repeatable>,
    { reply, create }: { reply: FastifyReply; create: (tools: CreatingTools) => Promise<Created<Record>> },
  ): Promise<Created<Record>> {
    const { answer, isReplay } = await idempotency.once(question, (within) => create(toolsOn(within)))
    return isReplay ? replayed(reply, answer) : given(answer)
  }
}

function replayed<Answer>(reply: FastifyReply, answer: KeptAnswer): Answer {
  reply.header('idempotency-replayed', 'true')
  return given(answer)
}

function given<Answer>(answer: KeptAnswer): Answer {
  // What is kept is what this very route gave; the answer's schema sees it again.
  if ('made' in answer) return answer.made as Answer
  const { code, message, errors } = answer.refused
  throw new BakewireError(code, message, { errors })
}

function toolsOn({ audit, ...stores }: CreatingStores): CreatingTools {
  return { ...stores, recordChange: createAuditTrail(audit) }
}

/** 1 to 255 visible ASCII characters, plain or as the quoted string of RFC 8941, section 3.3.3. */
const plainKey = /^[\x21\x23-\x7e][\x21-\x7e]{0,254}$/
const quotedKey = /^"((?:[\x21\x23-\x5b\x5d-\x7e]|\\["\\]){1,255})"$/

/** The same key whether it is quoted or not. Throws REQUEST_MALFORMED. */
function idempotencyKeyOf({ headers }: Pick<FastifyRequest, 'headers'>): string | undefined {
  const given = headers['idempotency-key']
  if (given === undefined) return undefined
  const text = String(given)
  const quoted = quotedKey.exec(text)?.[1]?.replaceAll(/\\(["\\])/g, '$1')
  if (quoted !== undefined) return quoted
  if (plainKey.test(text)) return text
  throw faultAt('REQUEST_MALFORMED', 'Idempotency-Key', 'must be 1 to 255 visible ASCII characters, plain or quoted')
}

/** `id`: of what it is done to. The same key for another is another request. */
function repeatable(request: FastifyRequest, key: string, id = ':id') {
  const { method, routeOptions, body } = request
  const route = `${method} ${routeOptions.url?.replace(':id', id)}`
  return { caller: callerOf(request).id, route, key, fingerprint: fingerprintOf(body) }
}

/** Two bodies that say the same have the same fingerprint, in whatever order they say it. */
function fingerprintOf(body: unknown): string {
  return createHash('sha256').update(JSON.stringify(body, sorted)).digest('base64url')
}

function sorted(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
}
