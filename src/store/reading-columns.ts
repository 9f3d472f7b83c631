import { canonicalMetricNames, canonicalMetrics, type Reading } from '#core'

/** An element of a PostgreSQL array literal. */
type Element = number | string

/** One column of `equipment_sensor_readings`: its SQL array type for `unnest`, and its cell of a reading. */
interface ReadingColumn {
  readonly name: string
  readonly arrayType: string
  /** How the cell is selected from the unnested row, where it is not the value itself. */
  readonly select?: string
  /** The cell as an element of an array literal; `NULL` when the reading has none. */
  readonly element: (reading: Reading) => Element
}

/** What an array literal has in the place of a value that is not there. */
export const missing = 'NULL'

/** JSON text as a quoted element: JSON's own escaping of that text is just what the literal needs, as the text has no control characters. */
const json = (value: object | null): Element => (value === null ? missing : JSON.stringify(JSON.stringify(value)))
const timeFromMs = (name: string) => `to_timestamp(${name} / 1000.0)`

/** The key columns, then what every reading may have or lack. */
export const readingColumns: readonly ReadingColumn[] = [
  { name: 'equipment_id', arrayType: 'uuid[]', element: (reading) => reading.equipmentId },
  {
    name: 'reading_time',
    arrayType: 'float8[]',
    select: timeFromMs('reading_time'),
    element: (reading) => reading.readingTime,
  },
  {
    name: 'source_time',
    arrayType: 'float8[]',
    select: timeFromMs('source_time'),
    element: (reading) => reading.sourceTime ?? missing,
  },
  ...canonicalMetricNames.map((name) => ({
    name,
    arrayType: canonicalMetrics[name].kind === 'number' ? 'float8[]' : 'text[]',
    element: (reading: Reading) => reading.values[name] ?? missing,
  })),
  {
    name: 'temperature_zones',
    arrayType: 'text[]',
    select: 'temperature_zones::jsonb',
    element: (reading) => json(reading.zones),
  },
  {
    name: 'additional',
    arrayType: 'text[]',
    select: 'additional::jsonb',
    element: (reading) => json(reading.additional),
  },
  { name: 'quality', arrayType: 'text[]', select: 'quality::jsonb', element: (reading) => json(reading.quality) },
]
