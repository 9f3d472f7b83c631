import { BakewireError, type ErrorCode, limits, type PathFault } from '#core'
import { type CreatingStores, createCreatingStores } from './creating-stores.ts'
import type { Database, Transaction } from './database.ts'
import { and, eq, gt, lt, sql } from './drizzle.ts'
import type { Binding, SecretBox } from './secret-box.ts'
import { guarded } from './store-errors.ts'
import { idempotencyKeys } from './tables.ts'

/** A request that may be sent again under the same key. */
export interface RepeatableRequest {
  /** The id of the API key that it comes with. */
  readonly caller: string
  readonly route: string
  readonly key: string
  /** What it asks for: another one under the same key is refused. */
  readonly fingerprint: string
}

/** What came of a request the first time: what was made, in JSON, or why nothing was. */
export type KeptAnswer =
  | { readonly made: unknown }
  | { readonly refused: { readonly code: ErrorCode; readonly message: string; readonly errors: readonly PathFault[] } }

export interface Outcome {
  readonly answer: KeptAnswer
  readonly isReplay: boolean
}

export type IdempotencyStore = ReturnType<typeof createIdempotencyStore>

/** Rows taken away beyond the bound at each new one: more than one, so that a lowered bound is reached. */
const trimmedAtOnce = 10
const retryAfterMs = 1_000

/**
 * Does a request once, across all processes: what it makes and the answer that is kept are one transaction, under a lock on
 * the key that ends with it, however it ends.
 */
export function createIdempotencyStore(database: Database, box: SecretBox) {
  const { db } = database
  const within = (tx: Transaction): CreatingStores => createCreatingStores({ ...database, db: tx }, box)

  /** Makes it, or says why it is refused; what may do better another time is thrown, and takes everything back. */
  async function tried(tx: Transaction, make: (stores: CreatingStores) => Promise<unknown>): Promise<KeptAnswer> {
    try {
      return { made: await tx.transaction((inner) => make(within(inner))) }
    } catch (error) {
      if (!(error instanceof BakewireError) || !isFinal(error)) throw error
      const { code, message, errors } = error
      return { refused: { code, message, errors } }
    }
  }

  const sealedAnswer = (request: RepeatableRequest, answer: KeptAnswer | typeof begun) =>
    box.seal({ fingerprint: request.fingerprint, answer }, bindingOf(request))

  async function keptOf(tx: Transaction, request: RepeatableRequest): Promise<KeptAnswer | undefined> {
    const [kept] = await tx
      .select({ answer: idempotencyKeys.answer, isYoung: isUnderWay })
      .from(idempotencyKeys)
      .where(and(isOf(request), gt(idempotencyKeys.created_at, oldest)))
    if (!kept) return undefined
    const answer = opened(box, kept.answer, request)
    if ('begun' in answer) throw kept.isYoung ? inProgress() : neverEnded()
    return answer
  }

  async function keep(tx: Transaction, request: RepeatableRequest, answer: KeptAnswer | typeof begun): Promise<void> {
    const { caller, route, key } = request
    const sealed = sealedAnswer(request, answer)
    await tx
      .insert(idempotencyKeys)
      .values({ caller, route, key, answer: sealed })
      .onConflictDoUpdate({
        target: [idempotencyKeys.caller, idempotencyKeys.route, idempotencyKeys.key],
        set: { answer: sealed, created_at: sql`now()` },
      })
    await trim(tx, caller)
  }

  return {
    /** Throws KEY_REUSED for another request under the same key, IN_PROGRESS while the first is under way, and what `make` throws that is not final. */
    once: (request: RepeatableRequest, make: (stores: CreatingStores) => Promise<unknown>): Promise<Outcome> =>
      guarded(
        'answering a request once',
        db.transaction(async (tx) => {
          await lock(tx, request)
          const kept = await keptOf(tx, request)
          if (kept) return { answer: kept, isReplay: true }
          const answer = await tried(tx, make)
          await keep(tx, request, answer)
          return { answer, isReplay: false }
        }),
      ),

    /**
     * For what no transaction takes back: notes that a request is begun, before anything is done. Gives the answer of one
     * that was done before. Throws KEY_REUSED, IN_PROGRESS while it is under way, OUTCOME_UNKNOWN where its end was never noted.
     */
    begin: (request: RepeatableRequest): Promise<KeptAnswer | undefined> =>
      guarded(
        'beginning a request',
        db.transaction(async (tx) => {
          await lock(tx, request)
          const kept = await keptOf(tx, request)
          if (!kept) await keep(tx, request, begun)
          return kept
        }),
      ),

    /** Forgets a request that was begun: nothing was done. */
    release: async (request: RepeatableRequest): Promise<void> => {
      await guarded('releasing a request', db.delete(idempotencyKeys).where(isOf(request)))
    },

    /** Keeps what came of a request that was begun. */
    finish: async (request: RepeatableRequest, answer: KeptAnswer): Promise<void> => {
      const sealed = sealedAnswer(request, answer)
      await guarded('finishing a request', db.update(idempotencyKeys).set({ answer: sealed }).where(isOf(request)))
    },

    /** Forgets answers that have been kept long enough. */
    removeExpired: async (): Promise<void> => {
      await guarded('removing kept answers', db.delete(idempotencyKeys).where(lt(idempotencyKeys.created_at, oldest)))
    },
  }
}

/** In the place of an answer, until there is one. */
const begun = { begun: true } as const
/** Longer than anything is waited for: whoever began it is gone. */
const isUnderWay = sql<boolean>`${idempotencyKeys.created_at} > now() - make_interval(secs => ${(2 * limits.machineAnswerTimeoutMs) / 1_000})`

function inProgress(): BakewireError {
  return new BakewireError('IN_PROGRESS', 'The first request with this Idempotency-Key is still under way', {
    retryAfterMs,
  })
}

function neverEnded(): BakewireError {
  const message = 'The first request with this Idempotency-Key never came to an end: look what it has done'
  return new BakewireError('OUTCOME_UNKNOWN', message)
}

const oldest = sql`now() - make_interval(secs => ${limits.answerKeptMs / 1_000})`

async function lock(tx: Transaction, { caller, route, key }: RepeatableRequest): Promise<void> {
  const name = JSON.stringify([caller, route, key])
  const [row] = await tx.execute<{ taken: boolean }>(
    sql`select pg_try_advisory_xact_lock(hashtextextended(${name}, 2)) as taken`,
  )
  if (!row?.taken) throw inProgress()
}

function isOf({ caller, route, key }: RepeatableRequest) {
  return and(eq(idempotencyKeys.caller, caller), eq(idempotencyKeys.route, route), eq(idempotencyKeys.key, key))
}

/** Asked again it would be refused again. */
export function isFinal({ status, remedy }: BakewireError): boolean {
  return status < 500 && remedy !== 'retry'
}

function opened(box: SecretBox, sealed: Buffer, request: RepeatableRequest): KeptAnswer | typeof begun {
  const { fingerprint, answer } = open(box, sealed, request)
  if (fingerprint === request.fingerprint) return answer
  throw new BakewireError('KEY_REUSED', 'This Idempotency-Key was used for another request; take a new one')
}

function open(box: SecretBox, sealed: Buffer, request: RepeatableRequest) {
  try {
    return box.open(sealed, bindingOf(request)) as { fingerprint: string; answer: KeptAnswer | typeof begun }
  } catch (cause) {
    const message = 'The request was done, but its answer can no longer be read; look for what it has made'
    throw new BakewireError('CONFLICT', message, { cause })
  }
}

function bindingOf({ caller, route, key }: RepeatableRequest): Binding {
  return { record: `idempotency_keys/${caller} ${route} ${key}`, field: 'answer', target: 'the caller' }
}

/** The oldest of those that are too many; rows that somebody else takes away at this moment are left to them. */
async function trim(tx: Transaction, caller: string): Promise<void> {
  await tx.execute(sql`
    delete from idempotency_keys where (caller, route, key) in (
      select caller, route, key from idempotency_keys where caller = ${caller}::uuid
      order by created_at desc offset ${limits.answersKeptPerCaller} limit ${trimmedAtOnce} for update skip locked)`)
}
