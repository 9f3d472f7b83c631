import type { Sql } from './database.ts'

interface Span {
  readonly equipmentId: string
  readonly begin: Date
  /** The first moment that stays. */
  readonly end: Date
}

/**
 * Deletes what a table has of one machine in a span; gives how many rows. Not prepared: of compressed chunks TimescaleDB (2.28)
 * unpacks all that no value excludes when the statement is planned, and refuses where those are more than 100,000 rows; a prepared
 * statement is planned without its values after five times.
 */
export async function deleteSpan(
  sql: Sql,
  { table, moment }: { readonly table: string; readonly moment: string },
  { equipmentId, begin, end }: Span,
): Promise<number> {
  const text = `delete from ${table} where equipment_id = $1 and ${moment} >= $2 and ${moment} < $3`
  const { count } = await sql.unsafe(text, [equipmentId, begin, end])
  return count
}
