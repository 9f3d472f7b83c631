import type { PartState } from '#http'
import type { DatabaseCondition } from '#store'

/** What a process knows beside what the database says. */
export interface OwnCondition {
  /** The migrations of this release. */
  readonly migrations: readonly string[]
  /** This process's clock in the middle of the question, wall clock ms, and how long the question took. */
  readonly askedAt: number
  readonly tookMs: number
}

/** Readings are stamped by the worker and judged by the database; leases in PostgreSQL last 6 s by the workers' clocks. */
const clockDifferenceMsMax = 2_000

/** They are filled every ten minutes. */
const rollupLagSecondsMax = 3_600

/** What the database's condition means, part by part. None of it keeps the service from doing its work now. */
export function conditionParts(condition: DatabaseCondition, own: OwnCondition): Record<string, PartState> {
  return {
    schema: schemaState(condition, own),
    readings: readingsState(condition),
    rollups: rollupsState(condition),
    workers: workersState(condition),
    clock: clockState(condition, own),
  }
}

function schemaState({ migrations }: DatabaseCondition, own: OwnCondition): PartState {
  const known = new Set(own.migrations)
  const foreign = migrations.filter((name) => !known.has(name))
  const newest = migrations.at(-1) ?? 'none'
  if (foreign.length === 0) return { state: 'ok', detail: `the newest migration is ${newest}` }
  return {
    state: 'degraded',
    detail: `a newer release has changed the database: this one does not know ${foreign.join(', ')}`,
    advice: 'update this process to the release that the others run',
  }
}

function readingsState({ hasTomorrow, timescale }: DatabaseCondition): PartState {
  if (hasTomorrow === false) {
    return {
      state: 'degraded',
      detail: 'there is no partition for the readings of tomorrow; each first batch of a day makes its own',
      advice: 'see that a worker runs: it makes partitions a week ahead, every ten minutes at the latest',
    }
  }
  if (!timescale) return { state: 'ok', detail: 'readings are kept in partitions of a day, made ahead' }
  if (timescale.licence !== 'timescale') {
    return {
      state: 'degraded',
      detail: `TimescaleDB runs under the licence ${timescale.licence ?? '(not loaded)'}: nothing is compressed any more`,
      advice: "set timescaledb.license = 'timescale' in the configuration of the database server and restart it",
    }
  }
  if (!timescale.hasColumnstorePolicy) {
    return {
      state: 'degraded',
      detail: 'the policy that compresses old readings is gone: they take about five times the space',
      advice: "call add_columnstore_policy('equipment_sensor_readings', after => interval '2 days')",
    }
  }
  if (timescale.failedJobs.length > 0) {
    return {
      state: 'degraded',
      detail: `the last run of background jobs of the database failed: ${timescale.failedJobs.join(', ')}`,
      advice: 'look into timescaledb_information.job_errors; a job is tried again by itself',
    }
  }
  return { state: 'ok', detail: 'readings are kept in a hypertable, its background jobs succeed' }
}

function rollupsState({ rollupLagSeconds }: DatabaseCondition): PartState {
  if (rollupLagSeconds <= rollupLagSecondsMax) return { state: 'ok', detail: 'roll-ups of readings are filled' }
  return {
    state: 'degraded',
    detail: `roll-ups end ${(rollupLagSeconds / 3_600).toFixed(1)} h ago: histories are made of single readings from there`,
    advice:
      'nothing, if it becomes less, as after an update or an outage; else see that a worker runs, what its log says, and that no transaction stays open',
  }
}

function workersState({ workers }: DatabaseCondition): PartState {
  if (workers > 0) return { state: 'ok', detail: `${workers} ${workers === 1 ? 'process polls' : 'processes poll'}` }
  return {
    state: 'degraded',
    detail: 'no process polls: no machine is read',
    advice: 'start a process with ROLE=worker, or see why it cannot write to the database',
  }
}

function clockState({ now }: DatabaseCondition, { askedAt, tookMs }: OwnCondition): PartState {
  // Half of the way there and back is uncertain.
  const differenceMs = Math.max(0, Math.abs(now - askedAt) - tookMs / 2)
  if (differenceMs <= clockDifferenceMsMax) return { state: 'ok', detail: 'the clocks here and at the database agree' }
  const ahead = askedAt > now ? 'ahead of' : 'behind'
  return {
    state: 'degraded',
    detail: `the clock of this process is ${(differenceMs / 1000).toFixed(1)} s ${ahead} that of the database`,
    advice: 'keep the time of all hosts by NTP: readings are stamped here and judged there',
  }
}

/** The disk of the spool must hold what an outage of the database may put on it. */
export function diskState(freeBytes: number | undefined, spoolBytesMax: number): PartState {
  if (freeBytes === undefined) {
    return {
      state: 'degraded',
      detail: 'the disk below DATA_DIR does not say how much is free',
      advice: 'see that DATA_DIR is there and can be read',
    }
  }
  const mib = (bytes: number) => `${Math.floor(bytes / 2 ** 20)} MiB`
  if (freeBytes >= spoolBytesMax) return { state: 'ok', detail: `${mib(freeBytes)} are free below DATA_DIR` }
  return {
    state: 'degraded',
    detail: `only ${mib(freeBytes)} are free below DATA_DIR; an outage of the database may need ${mib(spoolBytesMax)}`,
    advice: 'make room on the disk of DATA_DIR',
  }
}
