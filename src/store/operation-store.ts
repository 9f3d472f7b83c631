import type { GapReason, Severity } from '#core'
import type { Database } from './database.ts'
import { sql } from './drizzle.ts'
import { guarded } from './store-errors.ts'

/** What the database tells of the whole installation, for metrics. */
export interface OperationFigures {
  readonly alerts: readonly { readonly severity: Severity; readonly status: string; readonly count: number }[]
  readonly outbox: readonly { readonly kind: string; readonly waiting: number; readonly oldestSeconds: number }[]
  /** Machines whose readings are missing now. */
  readonly gaps: readonly { readonly reason: GapReason; readonly count: number }[]
  /** The newest transition of an alert. */
  readonly lastTransition: number
  /** How long ago the last minute ended that roll-ups hold. */
  readonly rollupLagSeconds: number
}

export interface TransitionCount {
  readonly kind: string
  readonly severity: Severity
  readonly count: number
}

/** What an operator should know of the database, for readiness. */
export interface DatabaseCondition {
  /** The database's clock, wall clock ms. */
  readonly now: number
  /** Names of all migrations that have run, in order. */
  readonly migrations: readonly string[]
  /** Processes that poll and said so a moment ago. */
  readonly workers: number
  /** Plain partitions: whether there is one for tomorrow. `undefined` where TimescaleDB makes them. */
  readonly hasTomorrow: boolean | undefined
  /** How long ago the last minute ended that roll-ups hold. */
  readonly rollupLagSeconds: number
  readonly timescale: TimescaleCondition | undefined
}

export interface TimescaleCondition {
  /** `timescale` is the full one; `undefined` when the library is not loaded. */
  readonly licence: string | undefined
  readonly hasColumnstorePolicy: boolean
  /** Background jobs whose last run failed, by the extension's own name for them. */
  readonly failedJobs: readonly string[]
}

export type OperationStore = ReturnType<typeof createOperationStore>

/** Workers report every sweep; whoever was silent for several is taken for gone, as when silence is judged. */
const workerSilentSeconds = 15
/** Names in an answer. An installation has a handful of jobs; a server shared with others may have any number. */
const failedJobsMax = 10

const rollupLag = sql`
  select extract(epoch from clock_timestamp() - filled_up_to)::float8 from rollup_progress where resolution = '1m'`

/** What only operators ask: how much waits, and whether all is in order. */
export function createOperationStore({ db }: Database) {
  return {
    figures: (): Promise<OperationFigures> =>
      guarded(
        'reading figures',
        db
          .execute<{ figures: OperationFigures }>(sql`
            select jsonb_build_object(
              'alerts', (select coalesce(jsonb_agg(a), '[]') from (
                select severity, status, count(*) as count from equipment_iot_alerts
                where status <> 'resolved' group by severity, status) a),
              'outbox', (select coalesce(jsonb_agg(o), '[]') from (
                select c.kind, count(*) as waiting, extract(epoch from now() - min(n.created_at)) as "oldestSeconds"
                from notifications n join notification_channels c on c.id = n.channel_id
                where n.status = 'pending' group by c.kind) o),
              'rollupLagSeconds', (${rollupLag}),
              'gaps', (select coalesce(jsonb_agg(g), '[]') from (
                select reason, count(*) as count from equipment_gaps where ended_at is null group by reason) g),
              'lastTransition', (select coalesce(max(id), 0) from alert_transitions)) as figures`)
          .then(([row]) => {
            if (!row) throw new Error('the database returned no row')
            return row.figures
          }),
      ),

    /** How many transitions there were after one, up to and with another. */
    transitions: (after: number, upTo: number): Promise<TransitionCount[]> =>
      guarded(
        'counting transitions',
        db
          .execute<{ kind: string; severity: Severity; count: number }>(sql`
            select kind, severity, count(*)::int as count from alert_transitions
            where id > ${after} and id <= ${upTo} group by kind, severity`)
          .then((rows) => [...rows]),
      ),

    condition: (): Promise<DatabaseCondition> =>
      guarded(
        'reading the condition of the database',
        (async () => {
          const [row] = await db.execute<{
            now: string
            migrations: string[]
            workers: number
            tomorrow: boolean
            lag: number
          }>(sql`
            select extract(epoch from clock_timestamp()) * 1000 as now,
              (select array_agg(name order by name) from migrations) as migrations,
              (select count(*)::int from workers
                where seen_at > now() - make_interval(secs => ${workerSilentSeconds})) as workers,
              to_regclass('equipment_sensor_readings_' ||
                to_char((now() at time zone 'UTC')::date + 1, 'YYYYMMDD')) is not null as tomorrow,
              (${rollupLag}) as lag`)
          if (!row) throw new Error('the database returned no row')
          const isTimescale = row.migrations.some((name) => /_readings\.timescale\./.test(name))
          return {
            now: Number(row.now),
            migrations: row.migrations,
            workers: row.workers,
            rollupLagSeconds: row.lag,
            hasTomorrow: isTimescale ? undefined : row.tomorrow,
            timescale: isTimescale ? await timescaleCondition(db) : undefined,
          }
        })(),
      ),
  }
}

async function timescaleCondition(db: Database['db']): Promise<TimescaleCondition> {
  const [row] = await db.execute<{ licence: string | null; columnstore: boolean; failed: string[] }>(sql`
    select current_setting('timescaledb.license', true) as licence,
      exists (select from timescaledb_information.jobs
        where hypertable_name = 'equipment_sensor_readings' and proc_name = 'policy_compression') as columnstore,
      array(select application_name::text from timescaledb_information.job_stats s
        join timescaledb_information.jobs j using (job_id)
        where s.last_run_status = 'Failed' and j.scheduled order by job_id limit ${failedJobsMax}) as failed`)
  return {
    licence: row?.licence ?? undefined,
    hasColumnstorePolicy: row?.columnstore ?? false,
    failedJobs: row?.failed ?? [],
  }
}
