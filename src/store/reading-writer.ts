import { BakewireError, isBackfilled, limits, type Reading } from '#core'
import { announcementsOf } from './announcement.ts'
import type { Sql } from './database.ts'
import { missing, readingColumns } from './reading-columns.ts'
import { guarded, isMissingPartition, refusedValue } from './store-errors.ts'

export interface ReadingWriter {
  /**
   * Inserts a batch idempotently and rings `readings_written`, in one statement. Of one machine and moment the first reading
   * stays, within the batch as before it; those of a machine that was deleted meanwhile are left out: nobody could ever read or
   * delete them.
   * `silent` rings nothing: the readings waited while newer ones were told of. Throws VALUE_INVALID when a reading of the batch can never be stored.
   */
  write(readings: readonly Reading[], how?: 'announced' | 'silent'): Promise<void>
}

/** The bulk path: one `insert … select … from unnest(…)` a batch on a client of its own. */
export function createReadingWriter(sql: Sql): ReadingWriter {
  const insert = async (readings: readonly Reading[], how: 'announced' | 'silent') => {
    const { text, parameters } = statementOf(readings, how)
    await sql.unsafe(text, parameters, { prepare: true })
  }
  const insertWithPartitions = async (readings: readonly Reading[], how: 'announced' | 'silent') => {
    try {
      await insert(readings, how)
    } catch (error) {
      if (!isMissingPartition(error)) throw error
      await makePartitions(sql, readings)
      await insert(readings, how)
    }
  }
  return {
    write: (readings, how = 'announced') =>
      guarded(
        'storing readings',
        (async () => {
          if (readings.length === 0) return
          try {
            await insertWithPartitions(firstOfEach(readings), how)
          } catch (error) {
            throw refusedValue('storing readings', error) ?? error
          }
        })(),
      ),
  }
}

/** The first of each machine and moment: of several in one statement the database keeps whichever its plan comes to first. */
function firstOfEach(readings: readonly Reading[]): readonly Reading[] {
  const seen = new Set<string>()
  for (const { equipmentId, readingTime } of readings) seen.add(`${equipmentId}@${readingTime}`)
  if (seen.size === readings.length) return readings
  return readings.filter(({ equipmentId, readingTime }) => seen.delete(`${equipmentId}@${readingTime}`))
}

/** A reading that another release spooled may not be one for us. */
function statementOf(readings: readonly Reading[], how: 'announced' | 'silent') {
  try {
    return insertStatement(readings, how)
  } catch (cause) {
    throw new BakewireError('VALUE_INVALID', 'storing readings: a reading is not of the form expected', { cause })
  }
}

/**
 * Marks the hours of readings that come late, so that their roll-ups are filled once more. In one order and without a new
 * version of a mark that is there, but with its lock: it cannot be used up before the reading that it stands for is seen.
 * `oldest` is the place of the oldest reading's time: when that is not late, nothing is looked at, which is a tenth of the statement.
 */
const markLate = (oldest: number) => `
  insert into rollup_marks (hour, equipment_id)
  select distinct date_bin('1 hour', to_timestamp(reading_time / 1000.0), timestamptz '1970-01-01 00:00:00Z'), equipment_id
  from unnest($1::uuid[], $2::float8[]) as late (equipment_id, reading_time)
  where $${oldest}::float8 < extract(epoch from now()) * 1000 - ${limits.readingLateMs}
    and reading_time < extract(epoch from now()) * 1000 - ${limits.readingLateMs}
    and exists (select from equipment where equipment.id = late.equipment_id)
  order by 1, 2
  on conflict (hour, equipment_id) do update set hour = excluded.hour where false`

/** Columns that no reading of the batch fills are left out: most machines fill few of them. */
function insertStatement(readings: readonly Reading[], how: 'announced' | 'silent') {
  const names: string[] = []
  const selected: string[] = []
  const arrays: string[] = []
  const parameters: (string | number)[] = []
  for (const { name, arrayType, select, element } of readingColumns) {
    const elements = readings.map(element)
    if (elements.every((one) => one === missing)) continue
    // Array literals made here: the driver would escape every element by itself, which costs more than all the rest.
    parameters.push(`{${elements.join(',')}}`)
    names.push(name)
    selected.push(select ?? name)
    arrays.push(`$${parameters.length}::${arrayType}`)
  }
  const news = how === 'silent' ? [] : readings.filter((reading) => !isBackfilled(reading))
  const oldest = readings.reduce((time, { readingTime }) => Math.min(time, readingTime), Number.POSITIVE_INFINITY)
  parameters.push(oldest, `{${announcementsOf(news).join(',')}}`)
  const text = `with written as (
    insert into equipment_sensor_readings (${names.join(', ')})
    select ${selected.join(', ')} from unnest(${arrays.join(', ')}) as batch (${names.join(', ')})
    where exists (select from equipment where equipment.id = batch.equipment_id)
    on conflict (equipment_id, reading_time) do nothing
  ), marked as (${markLate(parameters.length - 1)}) select pg_notify('readings_written', announcement) from unnest($${parameters.length}::text[]) as announcement`
  return { text, parameters }
}

/** Readings that waited long in the spool, or a clock that was set: makes the days that the batch needs. */
async function makePartitions(sql: Sql, readings: readonly Reading[]): Promise<void> {
  const days = new Set(readings.map((reading) => new Date(reading.readingTime).toISOString().slice(0, 10)))
  for (const day of days) await sql`select ensure_reading_partitions(${day}::date, ${day}::date)`
}
