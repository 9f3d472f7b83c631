import { type ConnectionStatus, canonicalMetricNames, type Fault } from '#core'
import { parseAnnouncement, type ReadingKey } from './announcement.ts'
import type { Database } from './database.ts'
import type { StoredReading } from './reading-store.ts'
import { guarded } from './store-errors.ts'

/** A stored reading with the machine it is of. */
export type MachineReading = StoredReading & { readonly equipment_id: string; readonly equipment_name: string }

/** How a machine's connection stands. */
export interface MachineStatus {
  readonly equipment_id: string
  readonly equipment_name: string
  readonly connection_status: ConnectionStatus
  readonly error: Fault | null
  readonly last_connected: Date | null
}

/** Whoever wants to hear what is written, from whichever process. */
export interface LiveListener {
  /** Keys are made out only where they are wanted. */
  readonly readings: (keys: () => readonly ReadingKey[]) => void
  readonly status: (equipmentId: string) => void
  readonly alert: (transition: number, alertId: string) => void
  /** The connection was lost for a while: something may have been written unheard. */
  readonly unheard: () => void
}

/** `null`: all machines. */
type OneOrAll = string | null

export type LiveStore = ReturnType<typeof createLiveStore>

/** What live streams are made of: news as they are announced, and what was written since a moment. */
export function createLiveStore({ reads: sql, listen }: Database) {
  const readingColumns = sql.unsafe(
    ['reading_time', 'source_time', ...canonicalMetricNames, 'temperature_zones', 'additional', 'quality']
      .map((name) => `reading.${name}`)
      .join(', '),
  )
  const statusColumns = sql`
    machine.id as equipment_id, machine.name as equipment_name, machine.iot_connection_status as connection_status,
    machine.iot_connection_error as error, machine.iot_last_connected as last_connected`

  return {
    async listen({ readings, status, alert, unheard }: LiveListener): Promise<void> {
      let begun = false
      await listen('status_changed', status)
      await listen('alert_changed', (payload) => {
        const [transition, alertId = ''] = payload.split(' ')
        alert(Number(transition), alertId)
      })
      await listen(
        'readings_written',
        (payload) => readings(() => parseAnnouncement(payload)),
        () => {
          if (begun) unheard()
          begun = true
        },
      )
    },

    /** The number of the newest transition of any alert. */
    lastTransition: (): Promise<number> =>
      guarded(
        'reading the last transition',
        sql<{ last: string | null }[]>`select max(id) as last from alert_transitions`.then(([row]) =>
          Number(row?.last),
        ),
      ),

    /** The readings of these keys, in their order. */
    readings: (keys: readonly ReadingKey[]): Promise<MachineReading[]> => {
      const times = keys.map(({ readingTime }) => readingTime)
      return guarded(
        'reading what was written',
        sql<MachineReading[]>`
          select ${readingColumns}, machine.id as equipment_id, machine.name as equipment_name
          from unnest(${keys.map(({ equipmentId }) => equipmentId)}::uuid[], ${times}::float8[])
            with ordinality as told (equipment_id, ms, place)
          join equipment_sensor_readings as reading
            on reading.equipment_id = told.equipment_id and reading.reading_time = to_timestamp(told.ms / 1000.0)
          join equipment as machine on machine.id = told.equipment_id
          where reading.reading_time between ${new Date(Math.min(...times))} and ${new Date(Math.max(...times))}
          order by place`,
      )
    },

    /** At most `limit` readings later than `after`, oldest first. */
    readingsSince: (one: OneOrAll, after: Date, limit: number): Promise<MachineReading[]> =>
      guarded(
        'reading what was written since',
        sql<MachineReading[]>`
          select * from (
            select ${readingColumns}, machine.id as equipment_id, machine.name as equipment_name
            from equipment as machine cross join lateral (
              select * from equipment_sensor_readings
              where equipment_id = machine.id and reading_time > ${after}
              order by reading_time limit ${limit}
            ) as reading
            ${one === null ? sql`` : sql`where machine.id = ${one}`}
            limit ${limit}
          ) as found order by reading_time`,
      ),

    statuses: (ids: readonly string[]): Promise<MachineStatus[]> =>
      guarded(
        'reading the status of machines',
        sql<MachineStatus[]>`select ${statusColumns} from equipment as machine where id = any(${[...ids]}::uuid[])`,
      ),

    /** The machines whose status has changed since, or may have. */
    statusesSince: (after: Date): Promise<MachineStatus[]> =>
      guarded(
        'reading changes of status',
        sql<MachineStatus[]>`
          select ${statusColumns} from equipment as machine
          where machine.updated_at > ${after} or (
            select event_time > ${after} from equipment_connection_logs
            where equipment_id = machine.id order by id desc limit 1)`,
      ),

    /** The alerts with transitions later than this one, each with its newest, in their order. */
    alertsSince: (one: OneOrAll, transition: number, limit: number): Promise<{ id: string; transition: number }[]> =>
      guarded(
        'reading changes of alerts',
        sql<{ id: string; transition: string }[]>`
          select alert.id, max(change.id) as transition
          from alert_transitions as change join equipment_iot_alerts as alert on alert.id = change.alert_id
          where change.id > ${transition} ${one === null ? sql`` : sql`and alert.equipment_id = ${one}`}
          group by alert.id order by max(change.id) limit ${limit}`.then((rows) =>
          rows.map((row) => ({ id: row.id, transition: Number(row.transition) })),
        ),
      ),
  }
}
