import { type ConnectionStatus, canonicalMetricNames, type PollCron } from '#core'
import type { Database } from './database.ts'
import type { StoredReading } from './reading-store.ts'
import { guarded } from './store-errors.ts'

/** A machine with its newest reading of the last day and the batch that is on it. */
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
  StoredReading & { readonly batch_id: string | null; readonly batch_name: string | null }

export type RealtimeStore = ReturnType<typeof createRealtimeStore>

const day = 86_400_000
/** Between a worker's clock and ours. */
const clockSkewMs = 300_000

/** What is asked most of all: one statement, prepared once, for all of a machine as it is now. */
export function createRealtimeStore({ reads: sql }: Pick<Database, 'reads'>) {
  const columns = sql.unsafe(
    ['reading_time', 'source_time', ...canonicalMetricNames, 'temperature_zones', 'additional', 'quality']
      .map((name) => `newest.${name}`)
      .join(', '),
  )
  return {
    /** `undefined` when there is no such machine. */
    now: async (equipmentId: string): Promise<MachineNow | undefined> => {
      const at = Date.now()
      const [row] = await guarded(
        'reading the newest values',
        sql<Row[]>`
          select machine.id, machine.name, machine.iot_connection_status, machine.poll_interval_seconds,
            machine.poll_cron, ${columns},
            batch.id as batch_id, batch.name as batch_name
          from equipment as machine
          left join lateral (
            select * from equipment_sensor_readings
            where equipment_id = machine.id
              and reading_time > ${new Date(at - day)} and reading_time < ${new Date(at + clockSkewMs)}
            order by reading_time desc limit 1
          ) as newest on true
          left join lateral (
            select batches.id, batches.name from batch_equipment join batches on batches.id = batch_equipment.batch_id
            where batch_equipment.equipment_id = machine.id
              and batches.started_at <= now() and (batches.ended_at is null or batches.ended_at > now())
            order by batches.started_at desc limit 1
          ) as batch on true
          where machine.id = ${equipmentId}`,
      )
      if (!row) return undefined
      const { batch_id, batch_name } = row
      return {
        machine: row,
        newest: row.reading_time === null ? undefined : row,
        batch: batch_id === null || batch_name === null ? undefined : { id: batch_id, name: batch_name },
      }
    },
  }
}
