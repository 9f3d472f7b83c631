import { BakewireError, type PollCron, shardOf } from '#core'
import { announcePlan } from './announce-plan.ts'
import { decodeCursor, type Page, pageOf } from './cursor.ts'
import type { Database } from './database.ts'
import { and, asc, eq, inArray, isNotNull, ne, sql } from './drizzle.ts'
import { nextRevision, switchedTo, unconfigured } from './equipment-columns.ts'
import { beginPause, endOpenGap, noteInterval } from './gap-changes.ts'
import { bindingOf } from './secret-binding.ts'
import type { SecretBox } from './secret-box.ts'
import { anyState, type StateCheck } from './state-check.ts'
import { guarded } from './store-errors.ts'
import { equipment } from './tables.ts'

export type EquipmentRow = typeof equipment.$inferSelect

/** What a caller may say of a machine itself. */
export type EquipmentFields = Partial<
  Pick<
    EquipmentRow,
    'name' | 'type' | 'site' | 'location' | 'manufacturer' | 'model' | 'serial_number' | 'installed_on' | 'metadata'
  >
>

/** A configuration that was parsed and may be stored. */
export interface StoredConfiguration {
  readonly protocol: string
  readonly endpoint: string
  readonly port: number
  readonly credentials: Readonly<Record<string, unknown>>
  /** `additional_config` as given. */
  readonly config: Readonly<Record<string, unknown>>
  readonly linkKey: string
  readonly pollIntervalSeconds: number
  /** In the place of the interval, which then is its shortest wait. */
  readonly pollCron?: PollCron | null
  readonly derived: Pick<
    EquipmentRow,
    | 'supports_realtime'
    | 'temperature_zones'
    | 'supports_humidity'
    | 'supports_energy_monitoring'
    | 'supports_remote_control'
  >
}

/** A configured machine with its secrets in clear: stays inside the process. */
export interface ConfiguredEquipment {
  readonly row: EquipmentRow & {
    iot_protocol: string
    iot_endpoint: string
    iot_port: number
    link_key: string
    shard: number
  }
  readonly credentials: Readonly<Record<string, unknown>>
}

export type EquipmentStore = ReturnType<typeof createEquipmentStore>

export function createEquipmentStore({ db }: Database, box: SecretBox) {
  const opened = (row: EquipmentRow): ConfiguredEquipment | undefined => {
    if (!isConfigured(row)) return undefined
    const credentials = row.iot_credentials ? box.open(row.iot_credentials, bindingOf(row.id, row)) : {}
    return { row, credentials: credentials as Record<string, unknown> }
  }

  /** As `opened`, but `undefined` also when the secret cannot be opened: such a machine is not polled, so it needs nothing of its link. */
  const readable = (row: EquipmentRow): ConfiguredEquipment | undefined => {
    try {
      return opened(row)
    } catch (error) {
      if (error instanceof BakewireError) return undefined
      throw error
    }
  }

  const openedOrAskedFor = (row: EquipmentRow): ConfiguredEquipment | undefined => {
    try {
      return opened(row)
    } catch (cause) {
      const message = `the stored secret of ${row.name} cannot be opened with the encryption keys there are; configure it again`
      throw new BakewireError('SECRET_REQUIRED', message, { cause })
    }
  }

  return {
    create: (fields: EquipmentFields & { name: string; type: EquipmentRow['type'] }): Promise<EquipmentRow> =>
      guarded(
        'storing equipment',
        db
          .insert(equipment)
          .values({ ...fields, config_revision: nextRevision })
          .returning()
          .then(one),
      ),

    get: (id: string): Promise<EquipmentRow | undefined> =>
      guarded('reading equipment', db.select().from(equipment).where(eq(equipment.id, id)).then(first)),

    async list({ limit, cursor }: { limit: number; cursor?: string | undefined }): Promise<Page<EquipmentRow>> {
      const after = cursor === undefined ? undefined : decodeCursor('equipment', cursor)
      const beyond =
        after &&
        sql`(${equipment.created_at}, ${equipment.id}) > (${after.time.toISOString()}::timestamptz, ${after.id}::uuid)`
      const rows = await guarded(
        'listing equipment',
        db
          .select()
          .from(equipment)
          .where(beyond)
          .orderBy(asc(equipment.created_at), asc(equipment.id))
          .limit(limit + 1),
      )
      return pageOf(rows, limit, (row) => ({ list: 'equipment', time: row.created_at, id: row.id }))
    },

    /** Changes what is said of the machine; `iot_enabled` pauses and resumes its polling, which its gaps tell, with `paused_by`. */
    update: (
      id: string,
      { paused_by = null, ...fields }: EquipmentFields & { iot_enabled?: boolean; paused_by?: string | null },
      check: StateCheck<EquipmentRow> = anyState,
    ): Promise<EquipmentRow | undefined> =>
      guarded(
        'changing equipment',
        db.transaction(async (tx) => {
          const [before] = await tx.select().from(equipment).where(eq(equipment.id, id)).for('no key update')
          if (!before) return undefined
          check(before)
          const [row] = await tx
            .update(equipment)
            .set({
              ...fields,
              ...switchedTo(fields.iot_enabled),
              config_revision: nextRevision,
              updated_at: sql`now()`,
            })
            .where(eq(equipment.id, id))
            .returning()
          if (row && row.iot_enabled !== before.iot_enabled)
            await (row.iot_enabled ? endOpenGap(tx, id) : beginPause(tx, id, paused_by))
          if (row?.shard != null) await announcePlan(tx, [row.shard])
          return row
        }),
      ),

    /** Deletes the machine and its alerts. Its readings, which may be millions, go afterwards: see `createRemovalStore`. */
    remove: (id: string, check: StateCheck<EquipmentRow> = anyState): Promise<boolean> =>
      guarded(
        'deleting equipment',
        db.transaction(async (tx) => {
          const [before] = await tx.select().from(equipment).where(eq(equipment.id, id)).for('update')
          if (!before) return false
          check(before)
          const [row] = await tx.delete(equipment).where(eq(equipment.id, id)).returning()
          if (!row) return false
          await tx.execute(
            sql`insert into equipment_removals (equipment_id) values (${id}::uuid) on conflict do nothing`,
          )
          if (row.shard !== null) await announcePlan(tx, [row.shard])
          return true
        }),
      ),

    /** The stored configuration with its secrets, `undefined` when there is none. Throws SECRET_REQUIRED when they cannot be opened. */
    configuration: async (id: string): Promise<ConfiguredEquipment | undefined> => {
      const row = await guarded(
        'reading a configuration',
        db.select().from(equipment).where(eq(equipment.id, id)).then(first),
      )
      return row && openedOrAskedFor(row)
    },

    /** Stores a configuration. `check` sees the other machines on the same link and the machine as it was, under their locks, and may throw. */
    configure: (
      id: string,
      given: StoredConfiguration,
      check: (others: readonly ConfiguredEquipment[], before: EquipmentRow) => void,
    ): Promise<EquipmentRow | undefined> =>
      guarded(
        'storing a configuration',
        db.transaction(async (tx) => {
          await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${given.linkKey}, 1))`)
          const onSameLink = await tx
            .select()
            .from(equipment)
            .where(and(eq(equipment.link_key, given.linkKey), ne(equipment.id, id)))
          const [before] = await tx.select().from(equipment).where(eq(equipment.id, id)).for('update')
          if (!before) return undefined
          check(
            onSameLink.flatMap((row) => readable(row) ?? []),
            before,
          )
          const shard = shardOf(given.linkKey)
          const target = {
            iot_protocol: given.protocol,
            iot_endpoint: given.endpoint,
            iot_port: given.port,
            iot_config: { ...given.config },
          }
          const [row] = await tx
            .update(equipment)
            .set({
              ...target,
              ...given.derived,
              iot_enabled: true,
              iot_credentials: box.seal(given.credentials, bindingOf(id, target)),
              iot_connection_status: 'connecting',
              iot_connection_error: null,
              iot_configured_at: sql`now()`,
              poll_interval_seconds: given.pollIntervalSeconds,
              poll_cron: given.pollCron ?? null,
              link_key: given.linkKey,
              shard,
              config_revision: nextRevision,
              updated_at: sql`now()`,
            })
            .where(eq(equipment.id, id))
            .returning()
          await endOpenGap(tx, id)
          await noteInterval(tx, id, { intervalSeconds: given.pollIntervalSeconds, cron: given.pollCron ?? null })
          await announcePlan(tx, before.shard === null ? [shard] : [shard, before.shard])
          return row
        }),
      ),

    /** Forgets the configuration and its secret; readings stay. */
    unconfigure: (id: string, check: StateCheck<EquipmentRow> = anyState): Promise<boolean> =>
      guarded(
        'deleting a configuration',
        db.transaction(async (tx) => {
          const [before] = await tx.select().from(equipment).where(eq(equipment.id, id)).for('update')
          if (!before || before.shard === null) return false
          check(before)
          await tx
            .update(equipment)
            .set({ ...unconfigured, config_revision: nextRevision, updated_at: sql`now()` })
            .where(eq(equipment.id, id))
          await endOpenGap(tx, id)
          await noteInterval(tx, id, { intervalSeconds: null, cron: null })
          await announcePlan(tx, [before.shard])
          return true
        }),
      ),

    /** All machines of a shard that are to be polled, with the secrets of those whose secrets can be opened. */
    async planOf(
      shard: number,
    ): Promise<{ row: ConfiguredEquipment['row']; open: () => ConfiguredEquipment['credentials'] }[]> {
      const rows = await guarded(
        'reading a plan',
        db
          .select()
          .from(equipment)
          .where(and(eq(equipment.shard, shard), eq(equipment.iot_enabled, true), isNotNull(equipment.link_key))),
      )
      return rows.filter(isConfigured).map((row) => ({ row, open: () => opened(row)?.credentials ?? {} }))
    },

    /** Names by id, for lists that show machines. */
    namesOf: async (ids: readonly string[]): Promise<Map<string, string>> => {
      if (ids.length === 0) return new Map()
      const rows = await guarded(
        'reading names',
        db
          .select({ id: equipment.id, name: equipment.name })
          .from(equipment)
          .where(inArray(equipment.id, [...ids])),
      )
      return new Map(rows.map((row) => [row.id, row.name]))
    },
  }
}

function isConfigured(row: EquipmentRow): row is ConfiguredEquipment['row'] {
  return (
    row.iot_protocol !== null &&
    row.iot_endpoint !== null &&
    row.iot_port !== null &&
    row.link_key !== null &&
    row.shard !== null
  )
}

function first<T>(rows: readonly T[]): T | undefined {
  return rows[0]
}

function one<T>(rows: readonly T[]): T {
  const [row] = rows
  if (row === undefined) throw new Error('the database returned no row')
  return row
}
