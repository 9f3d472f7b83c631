import type { Database } from './database.ts'
import { and, eq, getTableColumns, gt, isNull, lt, ne, or, sql } from './drizzle.ts'
import type { Binding, SecretBox } from './secret-box.ts'
import { guarded } from './store-errors.ts'
import { linkRequests, shardLeases } from './tables.ts'

export type LinkRequestKind = (typeof linkRequests.$inferSelect)['kind']

export interface ClaimedLinkRequest {
  readonly id: string
  readonly kind: LinkRequestKind
  /** How long somebody waits for the answer. */
  readonly leftMs: number
  /** What is asked, out of its seal. Throws INTERNAL when that cannot be opened, for instance under another process's keys. */
  readonly open: () => unknown
}

export type LinkRequestStore = ReturnType<typeof createLinkRequestStore>

/** Work for the worker that holds a link's shard. Requests and answers may hold secrets and are stored sealed. */
export function createLinkRequestStore({ db }: Database, box: SecretBox) {
  return {
    /** Stores a request that is void after its lifetime, rings the holder of the shard, and returns the request's id. */
    ask: (kind: LinkRequestKind, shard: number, request: unknown, lifetimeMs: number): Promise<string> =>
      guarded(
        'asking a worker',
        db.transaction(async (tx) => {
          const id = crypto.randomUUID()
          await tx.insert(linkRequests).values({
            id,
            shard,
            kind,
            request: box.seal(request, bindingOf(id, 'request')),
            expires_at: sql`now() + make_interval(secs => ${lifetimeMs / 1000})`,
          })
          await tx.execute(sql`select pg_notify('link_request', ${String(shard)})`)
          return id
        }),
      ),

    /**
     * Takes the requests of a shard that nobody has taken; each is handed out once. One to write goes only to the worker that
     * raised the shard's epoch last: whoever lost the shard and does not know it yet must not steer its machines.
     */
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
              or(ne(linkRequests.kind, 'write'), isHeldBy(worker)),
            ),
          )
          .returning({ ...getTableColumns(linkRequests), left_ms: millisecondsLeft }),
      )
      return rows.map(({ id, kind, request, left_ms: leftMs }) => ({
        id,
        kind,
        leftMs,
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

    /**
     * Deletes what expired: secrets do not outlive their minute by much. Not at once, so that whoever waited can still see
     * whether a worker had taken it.
     */
    removeExpired: (): Promise<void> =>
      guarded(
        'removing link requests',
        db
          .delete(linkRequests)
          .where(lt(linkRequests.expires_at, sql`now() - interval '10 seconds'`))
          .then(() => undefined),
      ),
  }
}

function bindingOf(id: string, field: 'request' | 'answer'): Binding {
  return { record: `link_requests/${id}`, field, target: '' }
}

const millisecondsLeft = sql<number>`extract(epoch from ${linkRequests.expires_at} - now())::float8 * 1000`

function isHeldBy(worker: string) {
  return sql`exists (select from ${shardLeases}
    where ${shardLeases.shard} = ${linkRequests.shard} and ${shardLeases.holder} = ${worker})`
}
