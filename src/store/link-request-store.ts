import { limits } from '#core'
import type { Database } from './database.ts'
import { and, eq, gt, isNull, lt, sql } from './drizzle.ts'
import type { Binding, SecretBox } from './secret-box.ts'
import { guarded } from './store-errors.ts'
import { linkRequests } from './tables.ts'

export type LinkRequestKind = 'test' | 'read'

export interface ClaimedLinkRequest {
  readonly id: string
  readonly kind: LinkRequestKind
  /** What is asked, out of its seal. Throws INTERNAL when that cannot be opened, for instance under another process's keys. */
  readonly open: () => unknown
}

export type LinkRequestStore = ReturnType<typeof createLinkRequestStore>

/** Work for the worker that holds a link's shard. Requests and answers may hold secrets and are stored sealed. */
export function createLinkRequestStore({ db }: Database, box: SecretBox) {
  return {
    /** Stores a request, rings the holder of the shard, and returns the request's id. */
    ask: (kind: LinkRequestKind, shard: number, request: unknown): Promise<string> =>
      guarded(
        'asking a worker',
        db.transaction(async (tx) => {
          const id = crypto.randomUUID()
          await tx.insert(linkRequests).values({
            id,
            shard,
            kind,
            request: box.seal(request, bindingOf(id, 'request')),
            expires_at: sql`now() + make_interval(secs => ${limits.linkRequestLifetimeMs / 1000})`,
          })
          await tx.execute(sql`select pg_notify('link_request', ${String(shard)})`)
          return id
        }),
      ),

    /** Takes the requests of a shard that nobody has taken; each is handed out once. */
    claim: async (shard: number, worker: string): Promise<ClaimedLinkRequest[]> => {
      const rows = await guarded(
        'claiming link requests',
        db
          .update(linkRequests)
          .set({ claimed_by: worker })
          .where(
            and(
              eq(linkRequests.shard, shard),
              isNull(linkRequests.claimed_by),
              gt(linkRequests.expires_at, sql`now()`),
            ),
          )
          .returning(),
      )
      return rows.map(({ id, kind, request }) => ({
        id,
        kind,
        open: () => box.open(request, bindingOf(id, 'request')),
      }))
    },

    /** Shards with requests that nobody has taken: what a lost doorbell left behind. */
    waitingShards: async (): Promise<number[]> => {
      const rows = await guarded(
        'looking for link requests',
        db
          .selectDistinct({ shard: linkRequests.shard })
          .from(linkRequests)
          .where(and(isNull(linkRequests.claimed_by), gt(linkRequests.expires_at, sql`now()`))),
      )
      return rows.map((row) => row.shard)
    },

    answer: (id: string, answer: unknown): Promise<void> =>
      guarded(
        'answering a link request',
        db.transaction(async (tx) => {
          const sealed = box.seal(answer, bindingOf(id, 'answer'))
          await tx.update(linkRequests).set({ answer: sealed, answered_at: sql`now()` }).where(eq(linkRequests.id, id))
          await tx.execute(sql`select pg_notify('link_answer', ${id})`)
        }),
      ),

    /** Takes the answer away, `undefined` while there is none. */
    collect: async (id: string): Promise<{ answer: unknown } | undefined> => {
      const [row] = await guarded(
        'collecting an answer',
        db
          .delete(linkRequests)
          .where(and(eq(linkRequests.id, id), sql`${linkRequests.answer} is not null`))
          .returning(),
      )
      return row?.answer ? { answer: box.open(row.answer, bindingOf(id, 'answer')) } : undefined
    },

    /** Deletes a request that nobody waits for any more, and tells whether a worker had taken it. */
    abandon: async (id: string): Promise<boolean> => {
      const [row] = await guarded(
        'abandoning a link request',
        db.delete(linkRequests).where(eq(linkRequests.id, id)).returning({ claimed_by: linkRequests.claimed_by }),
      )
      return row?.claimed_by != null
    },

    /** Deletes what expired: secrets do not outlive their minute. */
    removeExpired: (): Promise<void> =>
      guarded(
        'removing link requests',
        db
          .delete(linkRequests)
          .where(lt(linkRequests.expires_at, sql`now()`))
          .then(() => undefined),
      ),
  }
}

function bindingOf(id: string, field: 'request' | 'answer'): Binding {
  return { record: `link_requests/${id}`, field, target: '' }
}
