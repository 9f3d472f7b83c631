import { createPollTimes, type PollCron, servedEarlyMs } from '#core'
import { type AlertChange, applyAlertChange } from './alert-change.ts'
import type { AlertRuleRow } from './alert-rule-store.ts'
import { closeAlerts } from './close-alerts.ts'
import type { Database, Transaction } from './database.ts'
import { and, eq, sql } from './drizzle.ts'
import { locks } from './locks.ts'
import { guarded } from './store-errors.ts'
import { alertRules, alerts } from './tables.ts'

/** A machine that has fallen silent under a rule, or that is heard again. */
export interface SilenceFinding {
  readonly rule: AlertRuleRow
  readonly equipmentId: string
  readonly equipmentName: string
  readonly isSilent: boolean
  /** When the silence began: the last reading, or the configuration of a machine that never gave one. */
  readonly since: Date
  /** The database's clock, the same for all findings of one judgement. */
  readonly now: Date
}

export type SilenceStore = ReturnType<typeof createSilenceStore>

/** Findings of one judgement; a fleet that falls silent at once is told in several. */
const findingsAtMost = 500
/** Longer than a sweep that takes its time rests. */
const lookBreakMs = 60_000

/** What the sweep of every process judges straight from the database, one process at a time. */
export function createSilenceStore({ db }: Database) {
  return {
    /**
     * Looks for silence and writes what `decide` makes of each finding, in one transaction; `lookedForMs`: for how long somebody
     * has been looking. Returns the ids of the notifications.
     */
    judge: (decide: (finding: SilenceFinding, lookedForMs: number) => AlertChange | undefined): Promise<string[]> =>
      guarded(
        'judging silence',
        db.transaction(async (tx) => {
          if (!(await isAlone(tx))) return []
          const lookedForMs = await noteLook(tx)
          const ids: string[] = []
          for (const finding of await findSilence(tx)) {
            const change = decide(finding, lookedForMs)
            if (change) ids.push(...(await applyAlertChange(tx, change)).notificationIds)
          }
          return ids
        }),
      ),

    /** Ends what nobody judges any more, because the machine is paused or unconfigured or the rule is no longer for it. */
    closeAbandoned: (): Promise<string[]> =>
      guarded(
        'closing abandoned alerts',
        db.transaction(async (tx) => {
          if (!(await isAlone(tx))) return []
          await tx.execute(sql`
            delete from alert_rule_states s using alert_rules r, equipment e
            where r.id = s.rule_id and e.id = s.equipment_id and not (${isPolled} and ${isInScope})`)
          const paused = sql`exists (select from equipment e where e.id = ${alerts.equipment_id} and not ${isPolled})`
          const strayed = sql`exists (select from equipment e, alert_rules r
            where e.id = ${alerts.equipment_id} and r.id = ${alerts.rule_id} and not ${isInScope})`
          const ofRule = sql`${alerts.rule_id} is not null`
          return [
            ...(await closeAlerts(tx, and(ofRule, paused), 'equipment paused')),
            ...(await closeAlerts(tx, strayed, 'rule removed')),
          ]
        }),
      ),
  }
}

const isPolled = sql`(e.iot_enabled and e.iot_configured_at is not null)`
const isInScope = sql`(case
  when r.equipment_id is not null then r.equipment_id = e.id
  when r.equipment_type is not null then r.equipment_type = e.type
  else true end)`

async function isAlone(tx: Transaction): Promise<boolean> {
  const [row] = await tx.execute<{ taken: boolean }>(sql`select pg_try_advisory_xact_lock(${locks.silence}) as taken`)
  return row?.taken ?? false
}

/**
 * Gives for how long this database has been looked at without a break: where it is a backup that was put back, or nobody was
 * there, since a moment ago; on the first look, for ever.
 */
async function noteLook(tx: Transaction): Promise<number> {
  const [row] = await tx.execute<{ ms: number }>(sql`
    insert into installation as look (key, value)
    values ('silence_looked_for', jsonb_build_object('since', to_timestamp(0), 'until', now()))
    on conflict (key) do update set value = jsonb_build_object('until', now(), 'since', case
      when (look.value ->> 'until')::timestamptz between now() - make_interval(secs => ${lookBreakMs / 1_000}) and now()
      then look.value -> 'since' else to_jsonb(now()) end)
    returning extract(epoch from now() - (value ->> 'since')::timestamptz)::float8 * 1000 as ms`)
  return row?.ms ?? 0
}

async function findSilence(tx: Transaction): Promise<SilenceFinding[]> {
  const rows = await tx
    .select()
    .from(alertRules)
    .where(and(eq(alertRules.kind, 'no_data'), eq(alertRules.enabled, true)))
  const rules = new Map(rows.map((rule) => [rule.id, rule]))
  if (rules.size === 0) return []
  const found = await tx.execute<FoundRow>(silenceOf(await heardAfter(tx, rows)))
  return found.flatMap((row) => {
    const rule = rules.get(row.rule_id)
    if (!rule) return []
    const { equipment_id: equipmentId, equipment_name: equipmentName, is_heard: isHeard } = row
    return [
      { rule, equipmentId, equipmentName, isSilent: !isHeard, since: new Date(row.since), now: new Date(row.now) },
    ]
  })
}

type FoundRow = {
  rule_id: string
  equipment_id: string
  equipment_name: string
  is_heard: boolean
  since: string
  now: string
}

interface HeardAfter {
  readonly rule_id: string
  readonly poll_cron: PollCron
  /** A reading since then is the one that was due: a silence begins when it stays away, not in the night before. */
  readonly after: Date
}

/** Of machines that are polled at times of day: few crons, and one moment for each rule. */
async function heardAfter(
  tx: Transaction,
  rules: readonly { id: string; for_seconds: number }[],
): Promise<HeardAfter[]> {
  const crons = await tx.execute<{ poll_cron: PollCron; now: string }>(
    sql`select poll_cron, now() as now from equipment e where poll_cron is not null and ${isPolled} group by poll_cron`,
  )
  return crons.flatMap(({ poll_cron, now }) => {
    const times = createPollTimes(poll_cron)
    return rules.map(({ id, for_seconds }) => {
      const dueAt = times.previous(new Date(now).getTime() - for_seconds * 1_000)
      return { rule_id: id, poll_cron, after: new Date(dueAt - servedEarlyMs) }
    })
  })
}

// Both looks at the readings are bounded in time, so that each touches few partitions; a reading from further ahead is of a
// clock that was wrong. A machine whose living worker has readings that wait to be stored is late, not silent.
const silenceOf = (heard: readonly HeardAfter[]) => sql`
  with judged as (
    select r.id as rule_id, heard.after, e.id as equipment_id, e.name as equipment_name,
           e.iot_configured_at as configured_at, s.since as silent_since,
           (
             select x.reading_time from equipment_sensor_readings x
             where x.equipment_id = e.id and x.reading_time > heard.after
               and x.reading_time < now() + interval '5 minutes'
             order by x.reading_time desc limit 1
           ) is not null as is_heard
    from alert_rules r
    join equipment e on ${isPolled} and ${isInScope}
    left join shard_leases l on l.shard = e.shard
    left join workers w on w.instance_id = l.holder and w.seen_at > now() - interval '15 seconds'
    left join alert_rule_states s on s.rule_id = r.id and s.equipment_id = e.id
    left join jsonb_to_recordset(${JSON.stringify(heard)}::text::jsonb)
      as by_cron (rule_id uuid, poll_cron jsonb, after timestamptz) on by_cron.rule_id = r.id and by_cron.poll_cron = e.poll_cron
    cross join lateral (select coalesce(by_cron.after, now() - make_interval(secs => r.for_seconds)) as after) heard
    where r.kind = 'no_data' and r.enabled and (w.unstored_since is null or s.since is not null)
  )
  select rule_id, equipment_id, equipment_name, is_heard, now() as now,
         coalesce(silent_since, greatest(configured_at, (
           select x.reading_time from equipment_sensor_readings x
           where x.equipment_id = judged.equipment_id and x.reading_time > now() - interval '30 days'
             and x.reading_time < now() + interval '5 minutes'
           order by x.reading_time desc limit 1
         ))) as since
  from judged
  where is_heard = (silent_since is not null)
    and (is_heard or configured_at <= judged.after)
  order by equipment_id, rule_id
  limit ${findingsAtMost}`
