import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { silentLog } from '#core'
import { createOperationStore, migrate, openDatabase } from '#store'
import { startModbusSimulator } from '../../connectors/modbus/simulator.ts'
import { type App, startApp } from '../../src/app.ts'
import { createMetrics } from '../../src/metrics.ts'
import { addPollingMetrics } from '../../src/polling-metrics.ts'
import { readSettings } from '../../src/settings.ts'
import { addSharedMetrics } from '../../src/shared-metrics.ts'
import { soon } from '../setup/soon.ts'
import { startTcpProxy } from '../setup/tcp-proxy.ts'
import { createTemporaryDatabase, type TemporaryDatabase } from '../setup/temporary-database.ts'

/** As prom-client keeps it. */
interface Registered {
  readonly name: string
  readonly help: string
  readonly type: string
  readonly labelNames: readonly string[]
}

/** Every metric of a process that does everything; nothing is asked of its parts. */
function allMetrics(): Registered[] {
  const metrics = createMetrics()
  const nobody = undefined as never
  addSharedMetrics(metrics.registry, {
    database: nobody,
    operation: nobody,
    queue: { counts: async () => new Map(), tries: new Map() },
    readiness: nobody,
    now: Date.now,
  })
  const shared = new Set(metrics.registry.getMetricsAsArray().map(({ name }) => name))
  addPollingMetrics(metrics.registry, { fleet: nobody, leases: nobody, spool: nobody, ingest: nobody, now: Date.now })
  return (metrics.registry.getMetricsAsArray() as unknown as Registered[])
    .filter(({ name }) => name.startsWith('bakewire_'))
    .map((metric) => ({ ...metric, type: shared.has(metric.name) ? metric.type : `${metric.type} (workers)` }))
    .sort((one, other) => (one.name < other.name ? -1 : 1))
}

/** The value of a sample, by name and labels. */
function valueIn(text: string, sample: string): number | undefined {
  const line = text.split('\n').find((one) => one.startsWith(`${sample} `))
  return line === undefined ? undefined : Number(line.split(' ').at(-1))
}

describe('the table of metrics', () => {
  it('is the one in openapi/metrics.md', async () => {
    const rows = allMetrics().map(
      ({ name, type, labelNames, help }) => `| \`${name}\` | ${type} | ${labelNames.join(', ')} | ${help} |`,
    )
    const text = `# Metrics

\`GET /metrics\` in the text format of Prometheus. "workers": of processes that poll alone. What is "of the whole installation"
every process tells alike: take \`max\` of it, \`sum\` of the others. Beside these are \`process_*\` and \`nodejs_*\`, the event loop's
lag among them, as prom-client names them. A link or a machine is no label: fleets have thousands, their addresses are nobody's
business, and each machine's status and connection log are in the API.

| name | type | labels | what |
| --- | --- | --- | --- |
${rows.join('\n')}
`
    await expect(text).toMatchFileSnapshot('../../openapi/metrics.md')
  })

  it.each(allMetrics().map((metric) => [metric.name, metric] as const))(
    '%s is named as Prometheus asks',
    (name, metric) => {
      expect(metric.help).toMatch(/^[A-Z].+\.$/)
      expect(name.endsWith('_total')).toBe(metric.type.startsWith('counter'))
      if (metric.type.startsWith('histogram')) expect(name).toMatch(/_seconds$/)
      const [, unit] = /_(seconds|bytes)$/.exec(name) ?? []
      if (unit) expect(metric.help).toContain(unit)
    },
  )
})

describe('the metrics of a service', () => {
  let temporary: TemporaryDatabase
  let directory: string
  let machine: Awaited<ReturnType<typeof startModbusSimulator>>
  let app: App
  const adminKey = `bw_${crypto.randomUUID()}${crypto.randomUUID()}`

  beforeAll(async () => {
    temporary = await createTemporaryDatabase()
    directory = mkdtempSync(join(tmpdir(), 'bakewire-metrics-'))
    machine = await startModbusSimulator({ units: { 1: { holding: { 0: 215 } } } })
    const settings = readSettings({
      PORT: '0',
      DATA_DIR: directory,
      DATABASE_URL: temporary.url,
      ENCRYPTION_KEYS: `k1:${crypto.getRandomValues(Buffer.alloc(32)).toString('base64')}`,
      ADMIN_API_KEY: adminKey,
      EGRESS_ALLOW: '127.0.0.0/8',
      METRICS_PUBLIC: 'true',
    })
    app = await startApp(settings, silentLog)
  })
  afterAll(async () => {
    await app.stop()
    await machine.stop()
    await temporary.drop()
    rmSync(directory, { recursive: true, force: true })
  })

  const scrape = async () => (await app.inject('/metrics')).payload
  const call = async (path: string, payload: object) =>
    (
      await app.inject({
        method: 'POST',
        url: `/api/v1${path}`,
        headers: { authorization: `Bearer ${adminKey}` },
        payload,
      })
    ).json()

  it('are those of the table', async () => {
    const names = [...(await scrape()).matchAll(/^# TYPE (bakewire_\S+)/gm)].map(([, name]) => name)
    expect(names.sort()).toEqual(allMetrics().map(({ name }) => name))
  })

  it('tell of a machine, its link, its shard and its readings', async () => {
    const { id } = await call('/equipment', { name: 'Oven', type: 'other' })
    await call(`/equipment/${id}/iot-config`, {
      protocol: 'modbus',
      endpoint: machine.host,
      port: machine.port,
      poll_interval_seconds: 1,
      additional_config: { points: [{ metric: 'temperature', table: 'holding', address: 0, type: 'int16' }] },
    })
    await vi.waitFor(async () => {
      const text = await scrape()
      expect(valueIn(text, 'bakewire_polls_total{connector="modbus",result="ok"}')).toBeGreaterThan(0)
      expect(valueIn(text, 'bakewire_equipment{connector="modbus",status="connected"}')).toBe(1)
      expect(valueIn(text, 'bakewire_links{connector="modbus",state="open"}')).toBe(1)
      expect(valueIn(text, 'bakewire_readings_stored_total')).toBeGreaterThan(0)
    }, soon)
    const text = await scrape()
    expect(valueIn(text, 'bakewire_shards_held')).toBe(64)
    expect(text.match(/^bakewire_shard_equipment\{shard="\d+"\} 1$/gm)).toHaveLength(1)
    expect(valueIn(text, 'bakewire_link_openings_total{connector="modbus",result="opened"}')).toBeGreaterThan(0)
    const configured = 'route="/api/v1/equipment/:id/iot-config",method="POST",status="2xx"'
    expect(valueIn(text, `bakewire_http_requests_total{${configured}}`)).toBe(1)
    expect(valueIn(text, 'bakewire_http_requests_under_way')).toBe(1)
    expect(text).not.toContain(machine.host)
    expect(text).not.toContain(id)
  })

  it('give strangers no say in their labels', async () => {
    await app.inject('/api/v1/%2e%2e/canary?canary=1')
    await app.inject({ method: 'OPTIONS', url: '/canary' })
    const text = await scrape()
    expect(text).not.toContain('canary')
    expect(valueIn(text, 'bakewire_http_requests_total{route="none",method="GET",status="4xx"}')).toBe(1)
  })
})

describe('what all processes share', () => {
  it('is counted as it happens, and left out while the database does not tell it', async () => {
    const temporary = await createTemporaryDatabase()
    const url = new URL(temporary.url)
    const proxy = await startTcpProxy({ host: url.hostname, port: Number(url.port) })
    url.port = String(proxy.port)
    const database = openDatabase(url.href, silentLog)
    await migrate(database.bulk, join(import.meta.dirname, '../../migrations'), silentLog)
    const { registry } = createMetrics()
    addSharedMetrics(registry, {
      database,
      operation: createOperationStore(database),
      queue: { counts: () => Promise.reject(new Error('away')), tries: new Map() },
      readiness: () => Promise.reject(new Error('away')),
      now: Date.now,
      asking: { freshMs: 0, patienceMs: 1_000 },
    })
    const alert = '6f1c1f2e-9d1f-4a53-9a6b-0a54f7f7a111'
    const raise = () =>
      database.bulk`insert into alert_transitions (alert_id, kind, at, texts, severity)
        values (${alert}, 'raised', now(), '{}', 'critical')`
    await database.bulk`insert into equipment (id, name, type) values (${alert}, 'Oven', 'other')`
    await database.bulk`insert into equipment_iot_alerts
      (id, equipment_id, type, severity, title, message, raised_at, last_raised_at)
      values (${alert}, ${alert}, 'x', 'critical', 'x', 'x', now(), now())`
    await raise()
    const [raised, open] = ['{kind="raised",severity="critical"}', '{severity="critical",status="active"}']
    const counts = async () => {
      const text = await registry.metrics()
      return [`bakewire_alert_transitions_total${raised}`, `bakewire_alerts_open${open}`].map((name) =>
        valueIn(text, name),
      )
    }
    // Of the time before it was first asked it tells nothing.
    expect(await counts()).toEqual([undefined, 1])
    await raise()
    await raise()
    expect(await counts()).toEqual([undefined, 1])
    expect(await counts()).toEqual([2, 1])
    proxy.cut()
    expect(await counts()).toEqual([2, undefined])
    proxy.mend()
    await raise()
    await vi.waitFor(async () => expect(await counts()).toEqual([3, 1]), soon)
    await database.close()
    await proxy.stop()
    await temporary.drop()
  })
})
