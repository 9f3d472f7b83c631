import {
  type AlertChange,
  applyAlertChange,
  type ChangeOutcome,
  type ConditionState,
  type Fence,
} from './alert-change.ts'
import type { Database } from './database.ts'
import { inArray, type SQL, sql } from './drizzle.ts'
import { guarded } from './store-errors.ts'
import { alertRuleStates } from './tables.ts'

export type StoredConditionState = typeof alertRuleStates.$inferSelect

/** Where a rule stands for a machine; `null` is at rest. */
export interface StateToSave {
  readonly equipmentId: string
  readonly ruleId: string
  readonly ruleRevision: number
  readonly fence: Fence
  readonly state: ConditionState | null
}

export type AlertChangeStore = ReturnType<typeof createAlertChangeStore>

/** What the alert engine keeps in the database. */
export function createAlertChangeStore({ db }: Database) {
  return {
    /** Writes one change in a transaction of its own. */
    apply: (change: AlertChange): Promise<ChangeOutcome> =>
      guarded(
        `writing an alert of equipment ${change.equipmentId}`,
        db.transaction((tx) => applyAlertChange(tx, change)),
      ),

    statesOf: (equipmentIds: readonly string[]): Promise<StoredConditionState[]> =>
      guarded(
        'reading the states of alert rules',
        db
          .select()
          .from(alertRuleStates)
          .where(inArray(alertRuleStates.equipment_id, [...equipmentIds])),
      ),

    /** Saves states, all or nothing; those under an old epoch or an old revision of a rule are left out. */
    saveStates: (states: readonly StateToSave[]): Promise<void> =>
      guarded(
        'saving the states of alert rules',
        db.execute(saving(states)).then(() => undefined),
      ),
  }
}

function saving(states: readonly StateToSave[]): SQL {
  return sql`
    with wanted as materialized (
      select *
      from jsonb_to_recordset(${JSON.stringify(states.map(rowOf))}::text::jsonb) as s (
        rule_id uuid, equipment_id uuid, phase text, since timestamptz, side text, rule_revision bigint,
        shard smallint, epoch bigint)
    ),
    -- All machines are locked before any rule, and all rules before any lease, as everybody does it: each waits for the count of the one before.
    machines as materialized (
      select id from equipment where id in (select equipment_id from wanted) order by id for key share
    ),
    rules as materialized (
      select id, revision from alert_rules
      where (select count(*) from machines) > 0 and id in (select rule_id from wanted) order by id for share
    ),
    leases as materialized (
      select shard, epoch from shard_leases
      where (select count(*) from rules) > 0 and shard in (select shard from wanted) order by shard for share
    ),
    given as materialized (
      select w.* from wanted w
      join machines m on m.id = w.equipment_id
      join rules r on r.id = w.rule_id and r.revision = w.rule_revision
      join leases l on l.shard = w.shard and l.epoch = w.epoch
    ),
    at_rest as (
      delete from alert_rule_states t using given
      where given.phase is null and t.rule_id = given.rule_id and t.equipment_id = given.equipment_id
    )
    insert into alert_rule_states (rule_id, equipment_id, phase, since, side, rule_revision)
    select rule_id, equipment_id, phase, since, side, rule_revision from given where phase is not null
    on conflict (rule_id, equipment_id) do update
    set phase = excluded.phase, since = excluded.since, side = excluded.side, rule_revision = excluded.rule_revision`
}

function rowOf({ equipmentId, ruleId, ruleRevision, fence, state }: StateToSave) {
  return {
    rule_id: ruleId,
    equipment_id: equipmentId,
    rule_revision: ruleRevision,
    phase: state?.phase ?? null,
    since: state?.since.toISOString() ?? null,
    side: state?.side ?? null,
    ...fence,
  }
}
