import type { Socket } from 'node:net'
import postgres from 'postgres'
import type { Log } from '#core'
import { arrayTypes } from './array-types.ts'
import { createDatabaseSockets } from './database-socket.ts'
import { drizzle, type PostgresJsDatabase } from './drizzle.ts'
import { endLostTransactions } from './end-lost-transactions.ts'
import * as tables from './tables.ts'

/** An option that the driver has and its type declarations lack. */
const ownSockets = (open: Set<Socket>) => ({ socket: createDatabaseSockets(open) })

function connect(url: string, { max, log, open }: { max: number; log: Log; open: Set<Socket> }): postgres.Sql {
  const client = postgres(url, {
    ...ownSockets(open),
    fetch_types: false,
    types: arrayTypes,
    max,
    idle_timeout: 300,
    connect_timeout: 10,
    backoff: (attempt) => Math.min(0.25 * 2 ** attempt, 5),
    onnotice: (notice) => log.debug({ notice: notice['message'] }, 'database notice'),
    connection: { application_name: 'bakewire', TimeZone: 'UTC', statement_timeout: 60_000 },
  })
  endLostTransactions(client)
  return client
}

export type Sql = ReturnType<typeof connect>
type Drizzle = PostgresJsDatabase<typeof tables>
export type Transaction = Parameters<Parameters<Drizzle['transaction']>[0]>[0]
/** What queries run on: the database or a transaction of it. */
export type Queries = Drizzle | Transaction

export interface Database {
  readonly db: Drizzle
  /** A client of its own for the bulk path: drizzle changes the parsers of the client that it is given. */
  readonly bulk: Sql
  /** For statements that answer requests, so that nothing waits for what is written in bulk. */
  readonly reads: Sql
  /**
   * Calls back for every NOTIFY on the channel, across reconnects; what was missed meanwhile the sweep finds. `onListening`
   * is called each time that listening begins: again after a lost connection.
   */
  listen(channel: Channel, onPayload: (payload: string) => void, onListening?: () => void): Promise<void>
  /** Connections by pool: open now, and at most; one more listens beside the bulk path. */
  connections(): Readonly<Record<keyof typeof connectionsMax, { readonly open: number; readonly max: number }>>
  close(): Promise<void>
}

export type Channel =
  | 'plan_changed'
  | 'link_request'
  | 'link_answer'
  | 'readings_written'
  | 'status_changed'
  | 'alert_changed'
  | 'rules_changed'

/** Ten answer more requests than one core makes; the bulk path writes batch after batch, one more may be a replay. */
const connectionsMax = { queries: 10, bulk: 2, reads: 4 } as const

/** Opens the pools; connects when first used. */
export function openDatabase(url: string, log: Log): Database {
  const sockets = { queries: new Set<Socket>(), bulk: new Set<Socket>(), reads: new Set<Socket>() }
  const client = connect(url, { max: connectionsMax.queries, log, open: sockets.queries })
  const bulk = connect(url, { max: connectionsMax.bulk, log, open: sockets.bulk })
  const reads = connect(url, { max: connectionsMax.reads, log, open: sockets.reads })
  return {
    db: drizzle(client, { schema: tables }),
    bulk,
    reads,
    async listen(channel, onPayload, onListening) {
      await bulk.listen(channel, onPayload, onListening)
    },
    connections: () => ({
      queries: { open: sockets.queries.size, max: connectionsMax.queries },
      bulk: { open: sockets.bulk.size, max: connectionsMax.bulk },
      reads: { open: sockets.reads.size, max: connectionsMax.reads },
    }),
    async close() {
      await Promise.all([client.end({ timeout: 1 }), bulk.end({ timeout: 1 }), reads.end({ timeout: 1 })])
    },
  }
}
