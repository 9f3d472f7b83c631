import { statfs } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Clock, limits, shardCount } from '#core'
import type { ShardLeases } from '#fleet'
import type { PartState, Readiness } from '#http'
import { batchesInGoodTimes, type Spool } from '#ingest'
import type { QueueBackend } from '#queue'
import type { Database, OperationStore } from '#store'
import { conditionParts, diskState } from './condition-parts.ts'
import { recentAnswer } from './recent-answer.ts'

/** A database that takes longer than this to answer a ping is not ready to be worked with. */
const pingTimeoutMs = 2_000
const leaseAgeMsMax = 10_000
/** Anybody may ask, so that asking costs little: what changes slowly is looked at this rarely. */
const conditionAsking = { freshMs: 5_000, patienceMs: 1_000 } as const

export interface PollingParts {
  readonly spool: Pick<Spool, 'size'>
  readonly leases: Pick<ShardLeases, 'health'>
}

/**
 * Asks every part how it is. Ready is what can take configurations and serve data, so only the database decides; all else
 * that is wrong is told as degraded, with what to do.
 */
export function createReadiness(parts: {
  readonly database: Pick<Database, 'bulk'>
  readonly operation: Pick<OperationStore, 'condition'>
  readonly queue: Pick<QueueBackend, 'working'>
  /** Of this release. */
  readonly migrations: readonly string[]
  readonly clock: Clock
  /** Absent in a process that does not poll. */
  readonly polling: PollingParts | undefined
  readonly dataDir: string
  readonly spoolBytesMax: number
}): () => Promise<Readiness> {
  const { queue, polling, dataDir, spoolBytesMax } = parts
  const database = createDatabaseProbe(parts.database)
  const condition = recentAnswer(() => askCondition(parts), conditionAsking)
  const disk = recentAnswer(async () => diskState(await freeBytes(dataDir), spoolBytesMax), conditionAsking)
  return async () => {
    const [databaseState, known, diskPart] = await Promise.all([database(), condition(), polling && disk()])
    const states: Record<string, PartState> = {
      database: databaseState,
      ...(databaseState.state === 'ok' ? known : {}),
      queue: queueState(queue),
      ...(polling
        ? {
            spool: spoolState(polling.spool),
            polling: pollingState(polling.leases.health()),
            disk: diskPart ?? diskState(undefined, spoolBytesMax),
          }
        : {}),
    }
    return { ready: databaseState.state === 'ok', parts: states }
  }
}

async function askCondition({ operation, migrations, clock }: Parameters<typeof createReadiness>[0]) {
  const startedAt = clock.monotonic()
  const condition = await operation.condition()
  const tookMs = clock.monotonic() - startedAt
  return conditionParts(condition, { migrations, askedAt: clock.now() - tookMs / 2, tookMs })
}

async function freeBytes(directory: string): Promise<number | undefined> {
  try {
    const { bavail, bsize } = await statfs(directory)
    return bavail * bsize
  } catch {
    // The part that cannot tell is degraded, which says it.
    return undefined
  }
}

function createDatabaseProbe({ bulk }: Pick<Database, 'bulk'>): () => Promise<PartState> {
  const down: PartState = {
    state: 'down',
    detail: 'the database does not answer; readings wait in the spool of each worker',
    advice: 'see that the server of DATABASE_URL runs, can be reached and takes the password; the log has the reason',
  }
  let pinging: Promise<PartState> | undefined
  const ping = async (): Promise<PartState> => {
    try {
      await bulk`select 1`
      return { state: 'ok', detail: 'the database answers' }
    } catch {
      // Why is in the log of whoever needed the database; a probe needs to know only that it is away.
      return down
    } finally {
      pinging = undefined
    }
  }
  return () => {
    // One at a time: pings of a database that is silent for hours must not pile up.
    pinging ??= ping()
    return Promise.race([pinging, sleep(pingTimeoutMs, down, { ref: false })])
  }
}

function queueState({ working }: Pick<QueueBackend, 'working'>): PartState {
  if (working) return { state: 'ok', detail: 'the queue takes jobs' }
  return {
    state: 'degraded',
    detail: 'the queue does not answer; polling goes on, messages leave a little later',
    advice: 'see that the server of REDIS_URL runs, or the database where there is none',
  }
}

function spoolState(spool: Pick<Spool, 'size'>): PartState {
  const { batches, onDisk } = spool.size()
  if (!onDisk) {
    return {
      state: 'degraded',
      detail: 'the spool cannot be written to disk; readings wait in memory',
      advice: 'make room on the disk of DATA_DIR and see that it can be written',
    }
  }
  if (batches <= batchesInGoodTimes) return { state: 'ok', detail: 'readings are stored as they come' }
  return {
    state: 'degraded',
    detail: `readings of about ${Math.round((batches * limits.batchIntervalMs) / 1000)} s wait to be stored`,
    advice: 'see why the database does not take them; they are stored as soon as it does',
  }
}

function pollingState({ lastGoodTickAgeMs, held, orphaned, members }: ReturnType<ShardLeases['health']>): PartState {
  if (lastGoodTickAgeMs > leaseAgeMsMax) {
    return {
      state: 'degraded',
      detail: 'the leases on the shards cannot be renewed; what is polled goes on being polled',
      advice: 'see that the queue can be reached from here',
    }
  }
  if (orphaned > 0) {
    return {
      state: 'degraded',
      detail: `the leases on ${orphaned} shards were lost; they are polled here until another process holds them`,
      advice:
        'nothing, if it passes within a minute; else see that the clocks of all hosts agree and the queue is not full',
    }
  }
  const share = Math.floor(shardCount / members)
  const sharing = members === 1 ? 'alone' : `${members} processes share ${shardCount}`
  if (held >= share) return { state: 'ok', detail: `${held} shards are polled here (${sharing})` }
  return {
    state: 'degraded',
    detail: `${held} shards are polled here instead of ${share} (${sharing})`,
    advice:
      'nothing, if it passes within ten seconds, as after a start; else look for warnings about leases in the log',
  }
}
