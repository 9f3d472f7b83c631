import { Socket } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { createPostgresBackend, isPgPool, runMigrations } from 'bullmq'
import { Client, Pool } from 'pg'
import { BakewireError } from '#core'
import type { QueueStorage } from './queue-storage.ts'

/** BullMQ looks for its tables in this schema when it is given a pool. Nothing of ours lies there. */
const schema = 'bullmq'

/** A statement of the queue takes about 1 ms; a lease lasts 6 s, so a hanging one must end well before. */
const statementTimeoutMs = 2_000
const answerTimeoutMs = 2_500
const connectTimeoutMs = 2_000
/** Making the tables of the queue, on a slow disk and after waiting for another process that makes them. */
const migrationTimeoutMs = 60_000
const closeTimeoutMs = 1_000

/**
 * By `set` instead of start-up parameters: those of the URL would win over ours, and connection poolers refuse them.
 * What an unsynced commit loses is a doorbell or a lease, and both heal.
 */
const sessionSettings = [
  `set search_path = ${schema}`,
  'set synchronous_commit = off',
  `set statement_timeout = ${statementTimeoutMs}`,
].join('; ')

/** One waiting connection per job worker, one that the leases keep busy, and some for bursts of doorbells. */
const connectionsMax = 8

/**
 * The queue's tables in PostgreSQL, on one pool for all queues and workers of the process.
 * Throws UNAVAILABLE when the database cannot be reached or refuses the schema.
 */
export async function openPostgresStorage(databaseUrl: string): Promise<QueueStorage> {
  await migrate(databaseUrl)
  const sockets = new Set<Socket>()
  const pool = new Pool({
    connectionString: databaseUrl,
    application_name: 'bakewire-queue',
    max: connectionsMax,
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: answerTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    stream: () => track(new Socket(), sockets),
    onConnect: (client) => client.query(sessionSettings),
  })
  // The type declarations of the two packages disagree about what a pool is; this asks the object itself.
  if (!isPgPool(pool)) throw new BakewireError('INTERNAL', 'BullMQ does not accept a pool of this release of pg')
  return {
    options: {},
    factory: (name, options, factoryOptions) =>
      createPostgresBackend(name, { ...options, connection: pool }, factoryOptions),
    ping: async () => {
      await pool.query('select 1')
    },
    close: async () => {
      await Promise.race([pool.end(), setTimeout(closeTimeoutMs, undefined, { ref: false })])
      for (const socket of sockets) socket.destroy()
    },
  }
}

async function migrate(databaseUrl: string): Promise<void> {
  const client = new Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: migrationTimeoutMs,
  })
  try {
    await client.connect()
    await runMigrations(client, schema)
  } catch (error) {
    throw new BakewireError('UNAVAILABLE', 'preparing the job queue in the database failed', { cause: error })
  } finally {
    await Promise.race([client.end(), setTimeout(closeTimeoutMs, undefined, { ref: false })])
  }
}

/** A connection that a dead network holds open never ends by itself: whoever closes must be able to cut it. */
function track(socket: Socket, sockets: Set<Socket>): Socket {
  sockets.add(socket)
  return socket.once('close', () => sockets.delete(socket))
}
