import type { Database, Sql } from './database.ts'
import { type Filled, fillRollups } from './fill-rollups.ts'
import { type Rollup, type RollupRow, rollupOf } from './rollup-columns.ts'
import { levels, type Resolution } from './rollup-fold.ts'
import { guarded } from './store-errors.ts'

export interface RollupQuery {
  readonly resolution: Resolution
  /** The first bucket begins then or later, the last one before `end`. */
  readonly start: Date
  readonly end: Date
  /** Buckets that begin later than this only: where the last page ended. */
  readonly after?: Date | undefined
  readonly limit: number
}

export interface RollupCoverage {
  /** Buckets that end by then are filled. */
  readonly upTo: Readonly<Record<Resolution, Date>>
  /** Hours, oldest first, that a reading came late of and that are not filled again yet. */
  readonly late: readonly Date[]
}

export type RollupStore = ReturnType<typeof createRollupStore>

/** What readings came to by the minute, hour and UTC day. */
export function createRollupStore({ reads, bulk }: Pick<Database, 'reads' | 'bulk'>) {
  return {
    /** Roll-ups of a machine, oldest first. Buckets without a reading have none. */
    history: (equipmentId: string, { resolution, start, end, after, limit }: RollupQuery): Promise<Rollup[]> =>
      guarded(
        'reading roll-ups',
        reads<RollupRow[]>`
          select * from ${reads(tableOf(resolution))}
          where equipment_id = ${equipmentId} and bucket >= ${start} and bucket < ${end}
            ${after ? reads`and bucket > ${after}` : reads``}
          order by bucket limit ${limit}`.then((rows) => rows.map(rollupOf)),
      ),

    /** Where roll-ups of a machine hold all its readings of a span. */
    coverage: (equipmentId: string, span: { readonly start: Date; readonly end: Date }): Promise<RollupCoverage> =>
      guarded('reading how far roll-ups are filled', readCoverage(reads, equipmentId, span)),

    /**
     * Fills what has become complete since, then what came late. In slices of about a second, each a transaction: stopped or
     * killed anywhere it goes on there the next time. Another process that is at it is left to it.
     */
    fill: (signal: AbortSignal): Promise<Filled> => guarded('filling roll-ups', fillRollups(bulk, signal)),
  }
}

function tableOf(resolution: Resolution): string {
  const level = levels.find((one) => one.resolution === resolution)
  if (!level) throw new Error(`there are no roll-ups of ${resolution}`)
  return level.table
}

async function readCoverage(
  sql: Sql,
  equipmentId: string,
  { start, end }: { readonly start: Date; readonly end: Date },
): Promise<RollupCoverage> {
  const rows = await sql<{ resolution: Resolution | null; at: Date }[]>`
    select resolution, filled_up_to as at from rollup_progress
    union all select null, hour from rollup_marks
    where equipment_id = ${equipmentId} and hour > ${start}::timestamptz - interval '1 hour' and hour < ${end}
    order by at`
  const upTo = Object.fromEntries(rows.map(({ resolution, at }) => [resolution, at])) as RollupCoverage['upTo']
  return { upTo, late: rows.filter(({ resolution }) => resolution === null).map(({ at }) => at) }
}
