import type { Registry } from 'prom-client'
import type { Readiness } from '#http'
import type { QueueBackend } from '#queue'
import type { Database, OperationStore } from '#store'
import { addAskedMetrics, type Labels, type Sample } from './asked-metrics.ts'
import { recentAnswer } from './recent-answer.ts'

/** What is asked when Prometheus asks: how things stand now, in this process and in what all processes share. */
export interface AskedParts {
  readonly database: Pick<Database, 'connections'>
  readonly operation: Pick<OperationStore, 'figures' | 'transitions'>
  readonly queue: Pick<QueueBackend, 'counts' | 'tries'>
  readonly readiness: () => Promise<Readiness>
  readonly now: () => number
  readonly asking?: Asking
}

interface Asking {
  readonly freshMs: number
  readonly patienceMs: number
}

/** Several scrapers, or an impatient one, make no more work; a scrape never waits longer than `patienceMs` for anybody. */
const usualAsking: Asking = { freshMs: 5_000, patienceMs: 1_000 }

export function addSharedMetrics(registry: Registry, parts: AskedParts): void {
  const { database, operation, queue, readiness, now, asking = usualAsking } = parts
  const ready = recentAnswer(readiness, asking)
  const figures = recentAnswer(async () => {
    const startedAt = performance.now()
    const answer = await operation.figures()
    return { ...answer, tookMs: performance.now() - startedAt }
  }, asking)
  const jobs = recentAnswer(() => queue.counts(), asking)
  const transitions = countTransitions(operation, { asking, lastId: async () => (await figures())?.lastTransition })

  addAskedMetrics(registry, 'gauge', [
    {
      name: 'bakewire_part_ok',
      help: 'Parts as /health/ready tells them: 1 ok, 0 degraded or down.',
      labelNames: ['part'],
      ask: async () =>
        Object.entries((await ready())?.parts ?? {}).map(([part, { state }]) => [state === 'ok' ? 1 : 0, { part }]),
    },
    {
      name: 'bakewire_database_connections',
      help: 'Connections to the database that are open, by pool.',
      labelNames: ['pool'],
      ask: () => Object.entries(database.connections()).map(([pool, { open }]) => [open, { pool }]),
    },
    {
      name: 'bakewire_database_connections_max',
      help: 'Connections to the database that a pool opens at most; the bulk pool has one more, which listens.',
      labelNames: ['pool'],
      ask: () => Object.entries(database.connections()).map(([pool, { max }]) => [max, { pool }]),
    },
    {
      name: 'bakewire_database_answer_seconds',
      help: 'Time that the query for these figures took, the wait for a free connection included, in seconds.',
      ask: async () => sampleOf(await figures(), ({ tookMs }) => tookMs / 1000),
    },
    {
      name: 'bakewire_alerts_open',
      help: 'Alerts that are not resolved, of the whole installation.',
      labelNames: ['severity', 'status'],
      ask: async () =>
        (await figures())?.alerts.map(({ count, severity, status }) => [count, { severity, status }]) ?? [],
    },
    {
      name: 'bakewire_gaps_open',
      help: 'Machines whose readings are missing now, of the whole installation, by reason.',
      labelNames: ['reason'],
      ask: async () => (await figures())?.gaps.map(({ count, reason }) => [count, { reason }]) ?? [],
    },
    {
      name: 'bakewire_notifications_waiting',
      help: 'Notifications that are not delivered yet, of the whole installation, by kind of channel.',
      labelNames: ['kind'],
      ask: async () => (await figures())?.outbox.map(({ waiting, kind }) => [waiting, { kind }]) ?? [],
    },
    {
      name: 'bakewire_notifications_oldest_seconds',
      help: 'Age of the oldest notification that is not delivered yet, in seconds.',
      labelNames: ['kind'],
      ask: async () => (await figures())?.outbox.map(({ oldestSeconds, kind }) => [oldestSeconds, { kind }]) ?? [],
    },
    {
      name: 'bakewire_rollup_lag_seconds',
      help: 'Time since the last minute that roll-ups of readings hold, in seconds; they are filled every ten minutes.',
      ask: async () => sampleOf(await figures(), ({ rollupLagSeconds }) => rollupLagSeconds),
    },
    {
      name: 'bakewire_queue_jobs',
      help: 'Jobs in the queue, of the whole installation, by state (waiting, active, delayed, failed).',
      labelNames: ['queue', 'state'],
      ask: async () =>
        [...((await jobs()) ?? [])].flatMap(([name, states]) =>
          Object.entries(states).map(([state, count]): Sample => [count, { queue: name, state }]),
        ),
    },
    {
      name: 'bakewire_clock_seconds',
      help: "This process's clock, in seconds since 1970: its difference from the scraper's shows a clock that is wrong.",
      ask: () => [[now() / 1000]],
    },
  ])
  addAskedMetrics(registry, 'counter', [
    {
      name: 'bakewire_alert_transitions_total',
      help: 'Alerts raised, acknowledged and resolved, of the whole installation, since this process was first asked.',
      labelNames: ['kind', 'severity'],
      ask: transitions,
    },
    {
      name: 'bakewire_job_tries_total',
      help: 'Tries of jobs by this process, by queue and outcome (completed, failed).',
      labelNames: ['queue', 'outcome'],
      ask: () =>
        [...queue.tries].flatMap(([name, tries]) =>
          Object.entries(tries).map(([outcome, count]): Sample => [count, { queue: name, outcome }]),
        ),
    },
  ])
}

function sampleOf<T>(answer: T | undefined, value: (answer: T) => number): Sample[] {
  return answer === undefined ? [] : [[value(answer)]]
}

/**
 * Counts the rows that were there at the look before: by now all that were being written beside them are committed. Each
 * look reads the new ones alone, however long the history is.
 */
function countTransitions(
  operation: Pick<OperationStore, 'transitions'>,
  { asking, lastId }: { readonly asking: Asking; readonly lastId: () => Promise<number | undefined> },
): () => Promise<Sample[]> {
  const totals = new Map<string, [count: number, labels: Labels]>()
  let counted: number | undefined
  let seen: number | undefined
  const look = recentAnswer(async () => {
    const last = await lastId()
    if (last === undefined) return
    counted ??= last
    if (seen !== undefined && seen > counted) {
      for (const { kind, severity, count } of await operation.transitions(counted, seen)) {
        const total = totals.get(`${kind} ${severity}`) ?? [0, { kind, severity }]
        total[0] += count
        totals.set(`${kind} ${severity}`, total)
      }
      counted = seen
    }
    seen = last
  }, asking)
  return async () => {
    await look()
    return [...totals.values()]
  }
}
