import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { PollReport } from '#fleet'
import type { RequestEvents, StreamEvents } from '#http'

/** What the parts of a process tell as it happens, counted for Prometheus; `openapi/metrics.md` lists all. */
export interface Metrics extends RequestEvents, StreamEvents {
  readonly registry: Registry
  polled(connectorId: string, report: PollReport): void
  linkOpening(connectorId: string, result: 'opened' | 'failed'): void
  notificationTried(kind: string, result: 'sent' | 'retry' | 'failed'): void
}

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

export function createMetrics(): Metrics {
  const registry = new Registry()
  // Under the names that every dashboard for Node.js knows.
  collectDefaultMetrics({ register: registry })
  return {
    registry,
    ...pollMetrics(registry),
    ...deliveryMetrics(registry),
    ...requestMetrics(registry),
    ...streamMetrics(registry),
  }
}

function pollMetrics(registry: Registry): Pick<Metrics, 'polled' | 'linkOpening'> {
  const registers = [registry]
  const polls = new Counter({
    registers,
    name: 'bakewire_polls_total',
    help: 'Polls of machines, by connector and result (ok, partial, failed).',
    labelNames: ['connector', 'result'],
  })
  const faults = new Counter({
    registers,
    name: 'bakewire_poll_faults_total',
    help: 'Polls that failed or had a point at fault, by the code of the error.',
    labelNames: ['connector', 'code'],
  })
  const skipped = new Counter({
    registers,
    name: 'bakewire_polls_skipped_total',
    help: 'Polls that did not start because the one before was still under way.',
    labelNames: ['connector'],
  })
  const lateness = new Histogram({
    registers,
    name: 'bakewire_poll_lateness_seconds',
    help: 'Start of a poll after its due time, in seconds.',
    labelNames: ['connector'],
    buckets: seconds,
  })
  const response = new Histogram({
    registers,
    name: 'bakewire_poll_response_seconds',
    help: 'Time that a machine took to answer a poll, in seconds.',
    labelNames: ['connector'],
    buckets: seconds,
  })
  const openings = new Counter({
    registers,
    name: 'bakewire_link_openings_total',
    help: 'Links to machines opened, or tried in vain, by connector and result (opened, failed).',
    labelNames: ['connector', 'result'],
  })
  /** Found once: to find the series of some labels takes longer than to count in it. */
  const seriesOf = (connector: string) => ({
    ok: polls.labels({ connector, result: 'ok' }),
    lateness: lateness.labels({ connector }),
    response: response.labels({ connector }),
  })
  const series = new Map<string, ReturnType<typeof seriesOf>>()
  return {
    polled(connector, { result, code, latenessMs, responseTimeMs, skipped: ticks }) {
      const known = series.get(connector) ?? seriesOf(connector)
      series.set(connector, known)
      if (result === 'ok') known.ok.inc()
      else polls.inc({ connector, result })
      known.lateness.observe(Math.max(0, latenessMs) / 1000)
      if (responseTimeMs !== null) known.response.observe(responseTimeMs / 1000)
      if (code !== null) faults.inc({ connector, code })
      if (ticks > 0) skipped.inc({ connector }, ticks)
    },
    linkOpening: (connector, result) => openings.inc({ connector, result }),
  }
}

function deliveryMetrics(registry: Registry): Pick<Metrics, 'notificationTried'> {
  const tries = new Counter({
    registers: [registry],
    name: 'bakewire_notification_tries_total',
    help: 'Tries to deliver a notification, by kind of channel and result (sent, retry, failed: given up).',
    labelNames: ['kind', 'result'],
  })
  return { notificationTried: (kind, result) => tries.inc({ kind, result }) }
}

function requestMetrics(registry: Registry): RequestEvents {
  const registers = [registry]
  const requests = new Counter({
    registers,
    name: 'bakewire_http_requests_total',
    help: 'HTTP requests, by pattern of the route, method and class of status (2xx, 4xx …; aborted: the client left first).',
    labelNames: ['route', 'method', 'status'],
  })
  const duration = new Histogram({
    registers,
    name: 'bakewire_http_request_duration_seconds',
    help: 'From the arrival of an HTTP request to the end of its answer, in seconds.',
    labelNames: ['route', 'method'],
    buckets: seconds,
  })
  const underWay = new Gauge({
    registers,
    name: 'bakewire_http_requests_under_way',
    help: 'HTTP requests that are being answered now.',
  })
  return {
    requestBegun: () => underWay.inc(),
    requestEnded({ route, method, status, ms }) {
      underWay.dec()
      requests.inc({ route, method, status })
      duration.observe({ route, method }, ms / 1000)
    },
  }
}

function streamMetrics(registry: Registry): StreamEvents {
  const registers = [registry]
  const open = new Gauge({
    registers,
    name: 'bakewire_streams_open',
    help: 'Live streams (server-sent events) that are open now.',
  })
  const ended = new Counter({
    registers,
    name: 'bakewire_streams_ended_total',
    help: 'Live streams that have ended, by reason (closed: by either side; slow: the reader did not keep up).',
    labelNames: ['reason'],
  })
  return {
    streamOpened: () => open.inc(),
    streamEnded(reason) {
      open.dec()
      ended.inc({ reason })
    },
  }
}
