import { BakewireError } from '#core'
import { decodeCursor, type Page, pageOf } from './cursor.ts'
import type { Database, Queries } from './database.ts'
import { and, asc, eq, gt, isNull, lt, ne, or, sql } from './drizzle.ts'
import { locks } from './locks.ts'
import { guarded } from './store-errors.ts'
import { apiKeys } from './tables.ts'

/** A key as it is kept: never the key itself, and its hash only inside this store. */
export type ApiKeyRow = Omit<typeof apiKeys.$inferSelect, 'hash'>

export type ApiKeyFields = Pick<typeof apiKeys.$inferInsert, 'name' | 'access' | 'hash' | 'prefix' | 'expires_at'>

export type ApiKeyStore = ReturnType<typeof createApiKeyStore>

const shown = {
  id: apiKeys.id,
  name: apiKeys.name,
  access: apiKeys.access,
  prefix: apiKeys.prefix,
  created_at: apiKeys.created_at,
  last_used_at: apiKeys.last_used_at,
  expires_at: apiKeys.expires_at,
}

export function createApiKeyStore({ db }: Database) {
  return {
    create: (fields: ApiKeyFields): Promise<ApiKeyRow> => guarded('storing an API key', insert(db, fields)),

    /** Finds a key by the hash of all of it and notes that it was used, at most once a minute. */
    findByHash: async (hash: Buffer): Promise<ApiKeyRow | undefined> => {
      const [row] = await guarded('looking up an API key', db.select(shown).from(apiKeys).where(eq(apiKeys.hash, hash)))
      if (row && wantsNote(row)) await guarded('noting the use of an API key', noteUse(db, row.id))
      return row
    },

    async list({ limit, cursor }: { limit: number; cursor?: string | undefined }): Promise<Page<ApiKeyRow>> {
      const after = cursor === undefined ? undefined : decodeCursor('api-keys', cursor)
      const beyond =
        after &&
        sql`(${apiKeys.created_at}, ${apiKeys.id}) > (${after.time.toISOString()}::timestamptz, ${after.id}::uuid)`
      const rows = await guarded(
        'listing API keys',
        db
          .select(shown)
          .from(apiKeys)
          .where(beyond)
          .orderBy(asc(apiKeys.created_at), asc(apiKeys.id))
          .limit(limit + 1),
      )
      return pageOf(rows, limit, (row) => ({ list: 'api-keys', time: row.created_at, id: row.id }))
    },

    /** Revokes a key and gives back what it was. Throws CONFLICT for the last lasting admin key: nobody could make another. */
    remove: (id: string): Promise<ApiKeyRow | undefined> =>
      guarded(
        'revoking an API key',
        db.transaction(async (tx) => {
          await tx.execute(sql`select pg_advisory_xact_lock(${locks.adminKeys})`)
          const [row] = await tx.delete(apiKeys).where(eq(apiKeys.id, id)).returning(shown)
          if (row?.access === 'admin' && !(await hasAdminKey(tx))) {
            throw new BakewireError('CONFLICT', 'This is the last admin key; make another one first')
          }
          return row
        }),
      ),

    /** Stores the key that `make` gives, if there is no key at all yet; tells whether it did. */
    createFirst: (make: () => ApiKeyFields): Promise<boolean> =>
      guarded(
        'storing the first API key',
        db.transaction(async (tx) => {
          await tx.execute(sql`select pg_advisory_xact_lock(${locks.adminKeys})`)
          if ((await tx.$count(apiKeys)) > 0) return false
          await insert(tx, make())
          return true
        }),
      ),

    /** Makes the key the only one of its name, with just this access; one that is stored already under another name becomes it. */
    keepNamed: (fields: ApiKeyFields): Promise<void> =>
      guarded(
        'storing a named API key',
        db.transaction(async (tx) => {
          await tx.execute(sql`select pg_advisory_xact_lock(${locks.adminKeys})`)
          await tx.delete(apiKeys).where(and(eq(apiKeys.name, fields.name), ne(apiKeys.hash, fields.hash)))
          const { name, access, expires_at } = fields
          await tx
            .insert(apiKeys)
            .values(fields)
            .onConflictDoUpdate({ target: apiKeys.hash, set: { name, access, expires_at } })
        }),
      ),
  }
}

async function insert(queries: Queries, fields: ApiKeyFields): Promise<ApiKeyRow> {
  const [row] = await queries.insert(apiKeys).values(fields).returning(shown)
  if (!row) throw new Error('the database returned no row')
  return row
}

async function hasAdminKey(queries: Queries): Promise<boolean> {
  const lasting = or(isNull(apiKeys.expires_at), gt(apiKeys.expires_at, sql`now()`))
  return (await queries.$count(apiKeys, and(eq(apiKeys.access, 'admin'), lasting))) > 0
}

function wantsNote({ last_used_at }: ApiKeyRow): boolean {
  return last_used_at === null || last_used_at.getTime() < Date.now() - 60_000
}

async function noteUse(queries: Queries, id: string): Promise<void> {
  const minuteAgo = sql`now() - interval '1 minute'`
  await queries
    .update(apiKeys)
    .set({ last_used_at: sql`now()` })
    .where(and(eq(apiKeys.id, id), or(isNull(apiKeys.last_used_at), lt(apiKeys.last_used_at, minuteAgo))))
}
