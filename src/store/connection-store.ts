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
     * Writes events in order, all or nothing; those of machines deleted or configured anew meanwhile are left out.
     * Throws VALUE_INVALID when one of them can never be written.
     */
    record: (events: readonly ConnectionEvent[]): Promise<void> =>
      guarded(
        'recording connections',
        db
          .transaction(async (tx) => {
            for (const event of events) {
              const { rowCount } = await tx
                .execute(sql`
                update equipment set
                  iot_connection_status = ${event.status},
                  iot_connection_error = ${event.fault === null ? null : JSON.stringify(event.fault)}::text::jsonb,
                  iot_last_connected = coalesce(${event.lastConnected?.toISOString() ?? null}::timestamptz, iot_last_connected)
                where id = ${event.equipmentId}::uuid and config_revision = ${event.configRevision} and iot_enabled
                returning id`)
                .then((rows) => ({ rowCount: rows.length }))
              if (rowCount > 0) await tx.insert(connectionLogs).values(logRow(event))
            }
          })
          .catch((error: unknown) => {
            throw refusedValue('recording connections', error) ?? error
          }),
      ),
  }
}

function logRow(event: ConnectionEvent): typeof connectionLogs.$inferInsert {
  return {
    equipment_id: event.equipmentId,
    event_type: event.eventType,
    event_time: event.at,
    connection_status: event.status,
    error_code: event.fault?.code ?? null,
    error_message: event.fault?.message ?? null,
    response_time_ms: event.responseTimeMs,
    data_points_received: event.dataPoints,
  }
}
