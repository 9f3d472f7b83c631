import { type CanonicalMetric, canonicalMetricNames, countedWords, type QualityWord } from '#core'
import type { Database, Sql } from './database.ts'
import { guarded } from './store-errors.ts'

/** A row of `equipment_sensor_readings` as it is stored. */
export type StoredReading = {
  readonly reading_time: Date
  readonly source_time: Date | null
  readonly temperature_zones: Record<string, number> | null
  readonly additional: Record<string, number | string | boolean> | null
  readonly quality: Record<string, QualityWord> | null
} & { readonly [metric in CanonicalMetric]: number | string | null }

export interface HistoryQuery {
  readonly start: Date
  readonly end: Date
  /** Rows later than this one only: where the last page ended. */
  readonly after?: Date | undefined
  readonly limit: number
}

export type ReadingStore = ReturnType<typeof createReadingStore>

const day = 86_400_000
/** Between a worker's clock and ours. */
const clockSkewMs = 300_000

export function createReadingStore({ reads: sql }: Pick<Database, 'reads'>) {
  const columns = sql([
    'reading_time',
    'source_time',
    ...canonicalMetricNames,
    'temperature_zones',
    'additional',
    'quality',
  ])
  const newest = (equipmentId: string, after: Date, before: Date) =>
    sql<StoredReading[]>`
      select ${columns} from equipment_sensor_readings
      where equipment_id = ${equipmentId} and reading_time > ${after} and reading_time < ${before}
      order by reading_time desc limit 1`

  return {
    /**
     * The newest reading. Looks at the last day first, which touches one or two chunks; only a long-silent machine costs more.
     * One from further ahead than clocks differ is of a clock that was wrong, and would hide all that came since.
     */
    latest: (equipmentId: string): Promise<StoredReading | undefined> =>
      guarded(
        'reading the newest values',
        (async () => {
          const now = Date.now()
          const soon = new Date(now + clockSkewMs)
          for (const reach of [day, 30 * day, now]) {
            const [found] = await newest(equipmentId, new Date(now - reach), soon)
            if (found) return found
          }
          return undefined
        })(),
      ),

    /** When the last reading before a moment was, ms since 1970; `undefined` where there was none in the month before. */
    lastBefore: (equipmentId: string, before: number): Promise<number | undefined> =>
      guarded(
        'reading the time of the last reading',
        newest(equipmentId, new Date(before - 30 * day), new Date(before)).then(([row]) => row?.reading_time.getTime()),
      ),

    /** Raw rows from `start` (inclusive) to `end` (exclusive), oldest first. */
    history: (equipmentId: string, { start, end, after, limit }: HistoryQuery): Promise<StoredReading[]> =>
      guarded(
        'reading history',
        sql<StoredReading[]>`
          select ${columns} from equipment_sensor_readings
          where equipment_id = ${equipmentId} and reading_time >= ${start} and reading_time < ${end}
            ${after ? sql`and reading_time > ${after}` : sql``}
          order by reading_time limit ${limit}`,
      ),

    /** The last value of a meter's counter in a span, kWh. */
    counterBefore: (equipmentId: string, { start, end }: { start: Date; end: Date }): Promise<number | undefined> =>
      guarded(
        'reading the energy counter',
        sql<{ kwh: number }[]>`
          select energy_consumption_kwh as kwh from equipment_sensor_readings
          where equipment_id = ${equipmentId} and reading_time >= ${start} and reading_time < ${end}
            and energy_consumption_kwh is not null
            and coalesce(quality ->> 'energy_consumption_kwh', 'BACKFILLED') = any(${countedWords})
          order by reading_time desc limit 1`.then(([row]) => row?.kwh),
      ),

    /** What a meter's counter has grown by, kWh; null where it was not read twice, or was set back meanwhile. */
    energyBetween: (equipmentId: string, { start, end }: { start: Date; end: Date }): Promise<number | null> =>
      guarded(
        'reading the energy used',
        (async () => {
          const counter = (order: 'asc' | 'desc') => sql<{ kwh: number }[]>`
            select energy_consumption_kwh as kwh from equipment_sensor_readings
            where equipment_id = ${equipmentId} and reading_time >= ${start} and reading_time <= ${end}
              and energy_consumption_kwh is not null
            order by reading_time ${order === 'asc' ? sql`asc` : sql`desc`} limit 1`
          const [[first], [last]] = await Promise.all([counter('asc'), counter('desc')])
          const used = first && last ? last.kwh - first.kwh : -1
          return used < 0 ? null : Math.round(used * 1e6) / 1e6
        })(),
      ),

    /** Makes the partitions of the coming days (nothing to do on TimescaleDB) and tells how many were missing. */
    makePartitionsAhead: (): Promise<number> => guarded('making partitions', makeAhead(sql)),
  }
}

async function makeAhead(sql: Sql): Promise<number> {
  const [row] = await sql<{ made: number }[]>`
    select ensure_reading_partitions((now() at time zone 'UTC')::date - 1, (now() at time zone 'UTC')::date + 7) as made`
  return row?.made ?? 0
}
