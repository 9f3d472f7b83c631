import type { PendingQuery } from 'postgres'
import { type ConnectionStatus, canonicalMetricNames, type PollCron } from '#core'
import { decodeCursor, type Page, pageOf } from './cursor.ts'
import type { Database } from './database.ts'
import type { StoredReading } from './reading-store.ts'
import { guarded } from './store-errors.ts'

/** A machine with its newest reading and the batch that is on it. */
export interface MachineNow {
  readonly machine: {
    readonly id: string
    readonly name: string
    readonly iot_connection_status: ConnectionStatus
    readonly poll_interval_seconds: number
    readonly poll_cron: PollCron | null
  }
  readonly newest: StoredReading | undefined
  readonly batch: { readonly id: string; readonly name: string } | undefined
}

type Row = MachineNow['machine'] &
  StoredReading & { readonly created_at: Date; readonly batch_id: string | null; readonly batch_name: string | null }

export type RealtimeStore = ReturnType<typeof createRealtimeStore>

const day = 86_400_000
/** Between a worker's clock and ours. */
const clockSkewMs = 300_000

/** What is asked most of all: one statement, prepared once, for all of a machine or of many as they are now. */
export function createRealtimeStore({ reads: sql }: Pick<Database, 'reads'>) {
  const columns = sql.unsafe(
    ['reading_time', 'source_time', ...canonicalMetricNames, 'temperature_zones', 'additional', 'quality']
      .map((name) => `newest.${name}`)
      .join(', '),
  )
  const rowsOf = (which: PendingQuery<Row[]>, now: number) =>
    guarded(
      'reading the newest values',
      sql<Row[]>`
        select machine.id, machine.name, machine.iot_connection_status, machine.poll_interval_seconds,
          machine.poll_cron, machine.created_at, ${columns},
          batch.id as batch_id, batch.name as batch_name
        from (select * from equipment where ${which}) as machine
        left join lateral (
          select * from equipment_sensor_readings
          where equipment_id = machine.id
            and reading_time > ${new Date(now - day)} and reading_time < ${new Date(now + clockSkewMs)}
          order by reading_time desc limit 1
        ) as newest on true
        left join lateral (
          select batches.id, batches.name from batch_equipment join batches on batches.id = batch_equipment.batch_id
          where batch_equipment.equipment_id = machine.id
            and batches.started_at <= now() and (batches.ended_at is null or batches.ended_at > now())
          order by batches.started_at desc limit 1
        ) as batch on true
        order by machine.created_at, machine.id`,
    )
  /** Newest readings of machines that have been silent for a day: a month is looked through before all the rest. */
  const olderOf = async (ids: readonly string[], now: number): Promise<Map<string, StoredReading>> => {
    const found = new Map<string, StoredReading>()
    for (const reach of [30 * day, now]) {
      const missing = ids.filter((id) => !found.has(id))
      if (missing.length === 0) break
      const rows = await guarded(
        'reading the newest values',
        sql<(StoredReading & { id: string })[]>`
          select machine.id, ${columns} from unnest(${missing}::uuid[]) as machine (id) cross join lateral (
            select * from equipment_sensor_readings
            where equipment_id = machine.id
              and reading_time > ${new Date(now - reach)} and reading_time <= ${new Date(now - day)}
            order by reading_time desc limit 1
          ) as newest`,
      )
      for (const row of rows) found.set(row.id, row)
    }
    return found
  }
  const machinesNow = async (rows: readonly Row[], now: number): Promise<MachineNow[]> => {
    const silent = rows.filter(({ reading_time }) => reading_time === null).map(({ id }) => id)
    const older = await olderOf(silent, now)
    return rows.map((row) => ({
      machine: row,
      newest: row.reading_time === null ? older.get(row.id) : row,
      batch: row.batch_id === null || row.batch_name === null ? undefined : { id: row.batch_id, name: row.batch_name },
    }))
  }
  return {
    /** `undefined` when there is no such machine. */
    async now(equipmentId: string): Promise<MachineNow | undefined> {
      const now = Date.now()
      const [machine] = await machinesNow(await rowsOf(sql`id = ${equipmentId}`, now), now)
      return machine
    },

    /** All machines, oldest first. Throws REQUEST_MALFORMED for a cursor of another list. */
    async page({ limit, cursor }: { limit: number; cursor?: string | undefined }): Promise<Page<MachineNow>> {
      const now = Date.now()
      const after = cursor === undefined ? undefined : decodeCursor('realtime-data', cursor)
      const beyond = after ? sql`(created_at, id) > (${after.time}, ${after.id})` : sql`true`
      const rows = await rowsOf(sql`${beyond} order by created_at, id limit ${limit + 1}`, now)
      const page = pageOf(rows, limit, ({ created_at: time, id }) => ({ list: 'realtime-data', time, id }))
      return { ...page, items: await machinesNow(page.items, now) }
    },
  }
}
