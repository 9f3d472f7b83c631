import { BakewireError } from '#core'
import { decodeCursor, type Page, pageOf } from './cursor.ts'
import type { Database, Queries } from './database.ts'
import { and, asc, desc, eq, gt, inArray, isNull, lte, or, sql } from './drizzle.ts'
import { anyState, type StateCheck } from './state-check.ts'
import { guarded } from './store-errors.ts'
import { batchEquipment, batches, equipment } from './tables.ts'

type BatchRow = typeof batches.$inferSelect
/** What is made on which machines, from when until when. */
export type Batch = BatchRow & { readonly equipment_ids: readonly string[] }

export interface NewBatch {
  readonly id?: string | undefined
  readonly name: string
  readonly product?: string | null | undefined
  readonly started_at: Date
  readonly equipment_ids: readonly string[]
}

export interface BatchChange {
  readonly name?: string | undefined
  readonly product?: string | null | undefined
  readonly ended_at?: Date | null | undefined
}

export type BatchStore = ReturnType<typeof createBatchStore>

export function createBatchStore({ db }: Database) {
  return {
    /** Throws CONFLICT when the id is taken, CONFIG_INVALID when a machine does not exist. */
    create: ({ equipment_ids, ...fields }: NewBatch): Promise<Batch> =>
      guarded(
        'storing a batch',
        db.transaction(async (tx) => {
          await requireAll(tx, equipment_ids)
          const [row] = await tx.insert(batches).values(fields).returning()
          if (!row) throw new Error('the database returned no row')
          await tx
            .insert(batchEquipment)
            .values(equipment_ids.map((equipment_id) => ({ batch_id: row.id, equipment_id })))
          return { ...row, equipment_ids }
        }),
      ),

    get: (id: string): Promise<Batch | undefined> =>
      guarded(
        'reading a batch',
        (async () => {
          const rows = await db.select().from(batches).where(eq(batches.id, id))
          const [batch] = await withEquipment(db, rows)
          return batch
        })(),
      ),

    /** Oldest first. */
    list: ({ limit, cursor }: { limit: number; cursor?: string | undefined }): Promise<Page<Batch>> => {
      const after = cursor === undefined ? undefined : decodeCursor('batches', cursor)
      const beyond =
        after &&
        sql`(${batches.created_at}, ${batches.id}) > (${after.time.toISOString()}::timestamptz, ${after.id}::uuid)`
      return guarded(
        'listing batches',
        (async () => {
          const rows = await db
            .select()
            .from(batches)
            .where(beyond)
            .orderBy(asc(batches.created_at), asc(batches.id))
            .limit(limit + 1)
          const page = pageOf(rows, limit, (row) => ({ list: 'batches', time: row.created_at, id: row.id }))
          return { ...page, items: await withEquipment(db, page.items) }
        })(),
      )
    },

    /** Throws CONFIG_INVALID when it would end before it began. */
    update: (id: string, change: BatchChange, check: StateCheck<Batch> = anyState): Promise<Batch | undefined> =>
      guarded(
        'changing a batch',
        db.transaction(async (tx) => {
          const found = await tx.select().from(batches).where(eq(batches.id, id)).for('update')
          const [before] = await withEquipment(tx, found)
          if (!before) return undefined
          check(before)
          if (change.ended_at && change.ended_at < before.started_at) throw endsBeforeItBegan(before)
          const rows = await tx
            .update(batches)
            .set({ ...change, revision: sql`${batches.revision} + 1`, updated_at: sql`now()` })
            .where(eq(batches.id, id))
            .returning()
          const [batch] = await withEquipment(tx, rows)
          return batch
        }),
      ),

    /** The batch that is on a machine now; of several the one that began last. */
    activeOn: (equipmentId: string): Promise<Pick<BatchRow, 'id' | 'name'> | undefined> =>
      guarded(
        'reading the batch on a machine',
        db
          .select({ id: batches.id, name: batches.name })
          .from(batches)
          .innerJoin(batchEquipment, eq(batchEquipment.batch_id, batches.id))
          .where(
            and(
              eq(batchEquipment.equipment_id, equipmentId),
              lte(batches.started_at, sql`now()`),
              or(isNull(batches.ended_at), gt(batches.ended_at, sql`now()`)),
            ),
          )
          .orderBy(desc(batches.started_at))
          .limit(1)
          .then(([row]) => row),
      ),
  }
}

async function withEquipment(queries: Queries, rows: readonly BatchRow[]): Promise<Batch[]> {
  if (rows.length === 0) return []
  const members = await queries
    .select()
    .from(batchEquipment)
    .where(
      inArray(
        batchEquipment.batch_id,
        rows.map(({ id }) => id),
      ),
    )
    .orderBy(asc(batchEquipment.equipment_id))
  const byBatch = Map.groupBy(members, ({ batch_id }) => batch_id)
  return rows.map((row) => ({
    ...row,
    equipment_ids: (byBatch.get(row.id) ?? []).map(({ equipment_id }) => equipment_id),
  }))
}

async function requireAll(queries: Queries, ids: readonly string[]): Promise<void> {
  const found = await queries
    .select({ id: equipment.id })
    .from(equipment)
    .where(inArray(equipment.id, [...ids]))
    .for('key share')
  const known = new Set(found.map(({ id }) => id))
  const message = 'names no equipment that exists'
  const errors = ids.flatMap((id, index) => (known.has(id) ? [] : [{ path: `equipment_ids[${index}]`, message }]))
  if (errors.length > 0) throw new BakewireError('CONFIG_INVALID', `${errors[0]?.path}: ${message}`, { errors })
}

function endsBeforeItBegan({ started_at }: BatchRow): BakewireError {
  const message = `must not lie before the start (${started_at.toISOString()})`
  return new BakewireError('CONFIG_INVALID', `ended_at ${message}`, { errors: [{ path: 'ended_at', message }] })
}
