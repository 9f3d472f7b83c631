import { type CanonicalMetric, countedWords, limits } from '#core'
import { counterMetrics, numberMetrics, wordMetrics } from './rollup-columns.ts'

export type Resolution = '1m' | '1h' | '1d'

/** How one column of a roll-up comes from what it is made of, all columns in the order of `columnsOf`. */
interface Level {
  readonly resolution: Resolution
  readonly table: string
  readonly widthMs: number
  /** What it is made of, and by which column that is ordered. */
  readonly source: string
  readonly moment: string
  readonly width: string
  /** Statement parts: the columns taken of the source, and the values below its JSON columns. */
  readonly taken: string
  readonly number: (name: string) => readonly string[]
  readonly counter: (name: string) => { readonly first: string; readonly last: string; readonly growth: string }
  readonly word: (name: string) => string
  readonly readings: string
  readonly named: (field: NamedField) => string
  readonly quality: string
}

type NamedField = 'temperature_zones' | 'additional'

const counted = `(${countedWords.map((word) => `'${word}'`).join(', ')})`
const good = (key: string) => `(quality is null or quality ->> (${key}) is null or quality ->> (${key}) in ${counted})`
const summable = (value: string) => `abs(${value}) <= ${limits.statisticValueMax}`

const goodNumber = (name: CanonicalMetric) =>
  `case when ${good(`'${name}'`)} and ${summable(name)} then ${name} end as ${name}`
const goodWord = (name: CanonicalMetric) => `case when ${good(`'${name}'`)} then ${name} end as ${name}`

const ofReadings = {
  source: 'equipment_sensor_readings',
  moment: 'reading_time',
  taken: [
    ...[...numberMetrics, ...counterMetrics].map(goodNumber),
    ...wordMetrics.map(goodWord),
    'temperature_zones',
    'additional',
    'quality',
  ].join(', '),
  readings: 'count(*)',
  number: (name: string) => [`nullif(count(${name}), 0)`, `sum(${name})`, `min(${name})`, `max(${name})`],
  counter: (name: string) => ({ first: name, last: name, growth: '0' }),
  word: (name: string) => name,
  // Each number is converted once: without `offset 0` that would be done wherever it is used.
  named: (field: NamedField) => `
    select equipment_id, bucket, moment, '${field}' as field, name,
      1 as count, number as sum, number as min, number as max, case when number is null then value end as last
    from (
      select equipment_id, bucket, moment, key collate "C" as name, value, is_number,
        case when is_number and ${summable('value::numeric')} then value::float8 end as number
      from taken cross join lateral (select *, jsonb_typeof(value) = 'number' as is_number from jsonb_each(${field})) as each
      where jsonb_typeof(${field}) = 'object' and ${good(`'${field}.' || key`)} offset 0
    ) as value where not is_number or number is not null`,
  quality: `
    select equipment_id, bucket, key as name, 1 as count from taken cross join lateral jsonb_each_text(quality)
    where jsonb_typeof(quality) = 'object' and value not in ${counted}`,
} as const

const ofRollups = {
  moment: 'bucket',
  taken: [
    'readings',
    ...numberMetrics.flatMap((name) => ['count', 'sum', 'min', 'max'].map((part) => `${name}_${part}`)),
    ...counterMetrics.flatMap((name) => ['first', 'last', 'growth'].map((part) => `${name}_${part}`)),
    ...wordMetrics.map((name) => `${name}_last`),
    'temperature_zones',
    'additional',
    'quality',
  ].join(', '),
  readings: 'sum(readings)',
  number: (name: string) => [`sum(${name}_count)`, `sum(${name}_sum)`, `min(${name}_min)`, `max(${name}_max)`],
  counter: (name: string) => ({ first: `${name}_first`, last: `${name}_last`, growth: `${name}_growth` }),
  word: (name: string) => `${name}_last`,
  named: (field: NamedField) => `
    select equipment_id, bucket, moment, '${field}' as field, key collate "C" as name, (value ->> 0)::integer as count,
      (value ->> 1)::float8 as sum, (value ->> 2)::float8 as min, (value ->> 3)::float8 as max,
      nullif(value -> 4, 'null') as last
    from taken cross join lateral jsonb_each(${field})
    where ${field} is not null`,
  quality: `
    select equipment_id, bucket, key as name, value::integer as count
    from taken cross join lateral jsonb_each_text(quality) where quality is not null`,
} as const

/** From the finest to the coarsest, each made of the one before. */
export const levels: readonly Level[] = [
  { ...ofReadings, resolution: '1m', table: 'readings_1m', width: '1 minute', widthMs: 60_000 },
  { ...ofRollups, resolution: '1h', table: 'readings_1h', width: '1 hour', widthMs: 3_600_000, source: 'readings_1m' },
  { ...ofRollups, resolution: '1d', table: 'readings_1d', width: '1 day', widthMs: 86_400_000, source: 'readings_1h' },
]

/**
 * The statement that fills the buckets of a span: `$1` its beginning, `$2` its end, both at edges of buckets, `$3` an array of
 * machines or null for all. Whatever is filled again comes to the same, and a roll-up is never replaced by one of fewer
 * readings: those that it was made of may have been dropped since. Each machine's rows are found by its key, whose index is
 * the only one.
 */
export function fillStatement(level: Level): string {
  const columns = [...columnsOf(level)]
  const names = [...columns.map(([name]) => name), 'temperature_zones', 'additional', 'quality']
  return `
    with taken as materialized (
      select machine.id as equipment_id, part.* from equipment machine cross join lateral (
        select ${level.moment} as moment, ${bucketOf(level.moment, level)} as bucket, ${level.taken} from ${level.source}
        where equipment_id = machine.id and ${level.moment} >= $1 and ${level.moment} < $2 offset 0
      ) part where $3::uuid[] is null or machine.id = any($3)
    ), columns as (
      select equipment_id, bucket, ${columns.map(([name, sql]) => `${sql} as ${name}`).join(', ')}
      from (select *, ${counterMetrics.map((name) => previousOf(level, name)).join(', ')} from taken) as ordered
      group by equipment_id, bucket
    ),
    named as (
      select equipment_id, bucket, ${namedObject('temperature_zones')}, ${namedObject('additional')}
      from (
        select equipment_id, bucket, field, name, jsonb_build_array(
          coalesce(sum(count) filter (where sum is not null), 0), sum(sum), min(min), max(max), ${lastWord}) as entry
        from (${level.named('temperature_zones')} union all ${level.named('additional')}) as value
        group by equipment_id, bucket, field, name
      ) as entries group by equipment_id, bucket
    ),
    quality as (
      select equipment_id, bucket, jsonb_object_agg(name, count) as quality
      from (select equipment_id, bucket, name, sum(count) as count from (${level.quality}) as doubt
        group by equipment_id, bucket, name) as doubts
      group by equipment_id, bucket
    )
    insert into ${level.table} (equipment_id, bucket, ${names.join(', ')})
    select equipment_id, bucket, ${names.join(', ')}
    from columns left join named using (equipment_id, bucket) left join quality using (equipment_id, bucket)
    on conflict (equipment_id, bucket) do update set ${names.map((name) => `${name} = excluded.${name}`).join(', ')}
    where excluded.readings >= ${level.table}.readings`
}

function* columnsOf(level: Level): Generator<readonly [name: string, sql: string]> {
  yield ['readings', level.readings]
  for (const name of numberMetrics) {
    const [count = '', sum = '', min = '', max = ''] = level.number(name)
    yield* [
      [`${name}_count`, count],
      [`${name}_sum`, sum],
      [`${name}_min`, min],
      [`${name}_max`, max],
    ] as const
  }
  for (const name of counterMetrics) {
    const { first, last, growth } = level.counter(name)
    // `greatest` leaves null out: the first value of a bucket has none before it.
    yield [`${name}_first`, `(array_agg(${first} order by moment) filter (where ${first} is not null))[1]`]
    yield [`${name}_last`, lastOf(last)]
    yield [
      `${name}_growth`,
      `sum(${growth} + greatest(0, ${first} - ${name}_previous)) filter (where ${first} is not null)`,
    ]
  }
  for (const name of wordMetrics) yield [`${name}_last`, lastOf(level.word(name))]
}

const lastOf = (value: string) => `(array_agg(${value} order by moment desc) filter (where ${value} is not null))[1]`

/** The last value, where it is no number. */
const lastWord = `case when max(moment) filter (where last is not null) = max(moment)
  then (array_agg(last order by moment desc) filter (where last is not null))[1] end`

/** The value before, whatever was without one in between: those are a partition of their own. */
function previousOf(level: Level, name: string): string {
  const { first, last } = level.counter(name)
  return `lag(${last}) over (partition by equipment_id, bucket, ${first} is null order by moment) as ${name}_previous`
}

const namedObject = (field: NamedField) => `jsonb_object_agg(name, entry) filter (where field = '${field}') as ${field}`

const bucketOf = (moment: string, { width }: Pick<Level, 'width'>) =>
  `date_bin('${width}', ${moment}, timestamptz '1970-01-01 00:00:00Z')`
