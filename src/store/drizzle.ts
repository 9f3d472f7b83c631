import { createRequire } from 'node:module'

/**
 * What the stores use of drizzle-orm, in its CommonJS form. Of the ES form Node reads the package's manifest of 180 KB again
 * for every one of a hundred files, which costs a second and 200 MiB at each start.
 */
const load = createRequire(import.meta.url)

const queries: typeof import('drizzle-orm') = load('drizzle-orm')
export const { and, asc, desc, eq, getTableColumns, gt, gte, inArray, isNotNull, isNull, lt, lte, ne, or, sql } =
  queries
export type { SQL } from 'drizzle-orm'
export type { PostgresJsDatabase } from 'drizzle-orm/postgres-js'

const tables: typeof import('drizzle-orm/pg-core') = load('drizzle-orm/pg-core')
export const {
  bigint,
  boolean,
  customType,
  date,
  doublePrecision,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  timestamp,
  uuid,
} = tables

const driver: typeof import('drizzle-orm/postgres-js') = load('drizzle-orm/postgres-js')
export const { drizzle } = driver
