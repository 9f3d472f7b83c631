import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { type EquipmentType, type Reading, silentLog } from '#core'
import { createTemporaryDatabase } from '../../test/setup/temporary-database.ts'
import { createChannelStore } from './channel-store.ts'
import { openDatabase } from './database.ts'
import { sql } from './drizzle.ts'
import { createEquipmentStore } from './equipment-store.ts'
import { migrate } from './migrate.ts'
import { createReadingWriter } from './reading-writer.ts'
import { createSecretBox, type SecretBox } from './secret-box.ts'
import { createShardStore } from './shard-store.ts'
import { alertTransitions, notifications } from './tables.ts'

/** A machine as the alert engine is told of it. */
export interface FixtureEquipment {
  readonly id: string
  readonly name: string
  readonly type: EquipmentType
  readonly shard: number
  readonly epoch: number
  readonly intervalMs: number
}

export type AlertFixture = Awaited<ReturnType<typeof openAlertFixture>>

/** For tests: a migrated database of their own with what alerts need around them. */
export async function openAlertFixture() {
  const temporary = await createTemporaryDatabase()
  const database = openDatabase(temporary.url, silentLog)
  await migrate(database.bulk, join(import.meta.dirname, '../../migrations'), silentLog)
  const box: SecretBox = createSecretBox([{ id: 'test', key: randomBytes(32) }])
  const equipment = createEquipmentStore(database, box)
  const shards = createShardStore(database)
  let machines = 0

  return {
    url: temporary.url,
    database,
    box,
    equipment,
    shards,
    channels: createChannelStore(database, box),

    /** A machine that is configured and polled by the present holder of its shard. */
    async addEquipment({ name = 'Cold room 2', type = 'cold_room' as EquipmentType } = {}): Promise<FixtureEquipment> {
      machines += 1
      const { id } = await equipment.create({ name, type })
      const row = await equipment.configure(id, configurationOf(`modbus:10.0.0.1:${machines}`), () => undefined)
      if (row?.shard == null) throw new Error('the machine has no shard')
      return { id, name, type, shard: row.shard, epoch: await shards.take(row.shard, 'test'), intervalMs: 1000 }
    },

    addWebhook: (url = 'https://hooks.example/bakery') =>
      createChannelStore(database, box).create({
        kind: 'webhook',
        url,
        severities: ['warning', 'critical'],
        language: 'en',
        enabled: true,
      }),

    async storeReading(equipmentId: string, at: Date): Promise<void> {
      await createReadingWriter(database.bulk).write([readingOf(equipmentId, at.getTime(), { temperature: 4 })])
    },

    /** Every transition as `kind`, `kind by whom`, oldest first. */
    async transitions(alertId?: string): Promise<string[]> {
      const rows = await database.db
        .select()
        .from(alertTransitions)
        .where(alertId === undefined ? undefined : sql`${alertTransitions.alert_id} = ${alertId}::uuid`)
        .orderBy(alertTransitions.id)
      return rows.map(({ kind, by }) => (by === null ? kind : `${kind} by ${by}`))
    },

    outbox: () => database.db.select().from(notifications).orderBy(notifications.transition_id),
    rows: async (query: string): Promise<Record<string, unknown>[]> => [...(await database.db.execute(sql.raw(query)))],

    async empty(): Promise<void> {
      await database.db.execute(
        sql`truncate equipment, alert_rules, notification_channels, equipment_sensor_readings cascade`,
      )
    },

    async close(): Promise<void> {
      await database.close()
      await temporary.drop()
    },
  }
}

export function readingOf(equipmentId: string, readingTime: number, values: Reading['values']): Reading {
  return { equipmentId, readingTime, sourceTime: null, values, zones: null, additional: null, quality: null }
}

function configurationOf(linkKey: string) {
  return {
    protocol: 'modbus',
    endpoint: '10.0.0.1',
    port: 502,
    credentials: {},
    config: {},
    linkKey,
    pollIntervalSeconds: 1,
    derived: {
      supports_realtime: true,
      temperature_zones: 0,
      supports_humidity: false,
      supports_energy_monitoring: false,
      supports_remote_control: false,
    },
  }
}
