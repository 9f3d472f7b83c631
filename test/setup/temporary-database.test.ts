import postgres from 'postgres'
import { describe, expect, test } from 'vitest'
import { createTemporaryDatabase, timescaleUrl } from './temporary-database.ts'

describe('createTemporaryDatabase', () => {
  test('gives each caller an empty database of its own and removes it', async () => {
    const [first, second] = await Promise.all([createTemporaryDatabase(), createTemporaryDatabase()])
    await using sql = connect(first.url)
    await sql.client`create table only_here (id int)`
    await using other = connect(second.url)
    expect(await tableNames(sql.client)).toEqual(['only_here'])
    expect(await tableNames(other.client)).toEqual([])

    await first.drop()
    await expect(tableNames(connect(first.url).client)).rejects.toThrow(/does not exist/)
    await second.drop()
  })

  test.skipIf(timescaleUrl === undefined)('has the extension on TimescaleDB', async () => {
    const database = await createTemporaryDatabase({ on: 'timescale' })
    await using sql = connect(database.url)
    const rows = await sql.client`select extname from pg_extension where extname = 'timescaledb'`
    expect(rows).toHaveLength(1)
    await database.drop()
  })
})

function connect(url: string) {
  const client = postgres(url, { max: 1, onnotice: () => undefined })
  return { client, [Symbol.asyncDispose]: () => client.end({ timeout: 5 }) }
}

async function tableNames(sql: postgres.Sql): Promise<unknown[]> {
  const rows = await sql`select tablename from pg_tables where schemaname = 'public'`
  return rows.map((row) => row['tablename'])
}
