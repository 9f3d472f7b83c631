import type { ConnectionStatus, Fault } from '#core'
import { decodeNumber, numberedPageOf, type Page } from './cursor.ts'
import type { Database } from './database.ts'
import { and, desc, eq, lt, sql } from './drizzle.ts'
import { guarded, refusedValue } from './store-errors.ts'
import { connectionLogs } from './tables.ts'

/** A change of a machine's connection: what the equipment record shows from now on and the log keeps. */
export interface ConnectionEvent {
  readonly equipmentId: string
  /** The configuration it was observed under; under another one the event is void. */
  readonly configRevision: number
  /** Who observed it: the holder of the machine's shard under this epoch; under another one the event is void. */
  readonly shard: number
  readonly epoch: number
  readonly eventType: ConnectionLogRow['event_type']
  readonly status: ConnectionStatus
  readonly at: Date
  readonly fault: Fault | null
  readonly responseTimeMs: number | null
  readonly dataPoints: number | null
  /** When the machine last answered, `null` when it never did under this configuration. */
  readonly lastConnected: Date | null
}

/** A line of a machine's connection log. */
export type ConnectionLogRow = typeof connectionLogs.$inferSelect

export type ConnectionStore = ReturnType<typeof createConnectionStore>

export function createConnectionStore({ db }: Database) {
  return {
    /** What happened to a machine's connection, newest first. */
    async list(
      equipmentId: string,
      { limit, cursor }: { limit: number; cursor?: string | undefined },
    ): Promise<Page<ConnectionLogRow>> {
      const before = cursor === undefined ? undefined : lt(connectionLogs.id, decodeNumber('connection-logs', cursor))
      const rows = await guarded(
        'reading a connection log',
        db
          .select()
          .from(connectionLogs)
          .where(and(eq(connectionLogs.equipment_id, equipmentId), before))
          .orderBy(desc(connectionLogs.id))
          .limit(limit + 1),
      )
      return numberedPageOf('connection-logs', rows, limit)
    },

    /**
     * Writes events in order, all or nothing, in one statement; those of machines deleted or configured anew meanwhile, and of a shard's earlier holders, are left
     * out. Machines are locked by id, as everything locks them that takes several. Throws VALUE_INVALID when one of the events can never be written.
     */
    record: (events: readonly ConnectionEvent[]): Promise<void> =>
      guarded(
        'recording connections',
        db.execute(recorded(events)).then(
          () => undefined,
          (error: unknown) => {
            throw refusedValue('recording connections', error) ?? error
          },
        ),
      ),
  }
}

function recorded(events: readonly ConnectionEvent[]) {
  return sql`
    with event as (
      select * from jsonb_to_recordset(${JSON.stringify(events.map(eventRow))}::text::jsonb) as event (
        nth integer, equipment_id uuid, config_revision bigint, shard smallint, epoch bigint, event_type text, status text, at timestamptz, fault jsonb,
        response_time_ms float8, data_points integer, last_connected timestamptz)
    ), machine as materialized (
      select id, config_revision from equipment
      where id in (select equipment_id from event) and iot_enabled
      order by id for no key update
    ), lease as materialized (
      select shard, epoch from shard_leases
      where (select count(*) from machine) > 0 and shard in (select shard from event) order by shard for share
    ), valid as (
      select event.* from event
      join machine on machine.id = event.equipment_id and machine.config_revision = event.config_revision
      join lease on lease.shard = event.shard and lease.epoch = event.epoch
    ), logged as (
      insert into equipment_connection_logs (equipment_id, event_type, event_time, connection_status, error_code,
        error_message, response_time_ms, data_points_received)
      select equipment_id, event_type, at, status, fault ->> 'code', fault ->> 'message', response_time_ms, data_points
      from valid order by nth
    )
    update equipment set
      iot_connection_status = newest.status,
      iot_connection_error = newest.fault,
      iot_last_connected = coalesce(newest.last_connected, iot_last_connected)
    from (
      select equipment_id,
        (array_agg(status order by nth desc))[1] as status,
        (array_agg(fault order by nth desc))[1] as fault,
        (array_agg(last_connected order by nth desc) filter (where last_connected is not null))[1] as last_connected
      from valid group by equipment_id) newest
    where equipment.id = newest.equipment_id`
}

function eventRow(event: ConnectionEvent, nth: number) {
  return {
    nth,
    equipment_id: event.equipmentId,
    config_revision: event.configRevision,
    shard: event.shard,
    epoch: event.epoch,
    event_type: event.eventType,
    status: event.status,
    at: event.at,
    fault: event.fault,
    response_time_ms: event.responseTimeMs,
    data_points: event.dataPoints,
    last_connected: event.lastConnected,
  }
}
