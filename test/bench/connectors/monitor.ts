import { parseTarget } from '#connector'
import type { Sample } from '#core'
import { processUsage } from '../poll/process-usage.ts'
import { loadOurs } from './ours-session.ts'

/** `monitor.ts <ours|bare> <port> <items>`: hears what changes on one session; tells how old each value is, which is the time when it changed. */
const [side = '', port = '', items = ''] = process.argv.slice(2)
const namespace = 'http://bakery.example/oven/'
const publishingMs = 1_000
/** As many as one machine may have. */
const pointsPerMachine = 500
const names = Array.from({ length: Number(items) }, (_, index) => `v${index}`)
let delays: number[] = []
const hear = (value: unknown) => {
  if (typeof value === 'number') delays.push(Date.now() - value)
}

async function monitorOurs(): Promise<void> {
  const { connector, openSession } = await loadOurs('opc_ua')
  const session = openSession()
  const listener = {
    intervalMs: publishingMs,
    heard(samples: readonly Sample[]) {
      for (const sample of samples) if ('value' in sample) hear(sample.value)
    },
    signal: new AbortController().signal,
  }
  for (let first = 0; first < names.length; first += pointsPerMachine) {
    const points = names
      .slice(first, first + pointsPerMachine)
      .map((name) => ({ metric: `additional.${name}`, node: `nsu=${namespace};s=${name}` }))
    const target = parseTarget(connector, `machine-${first}`, {
      endpoint: 'opc.tcp://127.0.0.1',
      port: Number(port),
      additional_config: { security_mode: 'None', subscribe: true, publishing_interval_ms: publishingMs, points },
    })
    const poll = () => session.read(target, target.points, listener)
    await poll()
    setInterval(() => void poll(), publishingMs)
  }
}

async function monitorBare(): Promise<void> {
  const library = await import('node-opcua')
  library.setWarningLogger(() => undefined)
  const client = library.OPCUAClient.create({ endpointMustExist: false })
  await client.connect(`opc.tcp://127.0.0.1:${port}`)
  const session = await client.createSession()
  const index = (await session.readNamespaceArray()).indexOf(namespace)
  const subscription = await session.createSubscription2({
    requestedPublishingInterval: publishingMs,
    maxNotificationsPerPublish: 0,
    publishingEnabled: true,
  })
  const nodes = names.map((name) => ({ nodeId: `ns=${index};s=${name}`, attributeId: library.AttributeIds.Value }))
  const settings = { samplingInterval: publishingMs / 4, queueSize: 4, discardOldest: true }
  const group = await subscription.monitorItems(nodes, settings, library.TimestampsToReturn.Both)
  group.on('changed', (_item, { value }) => hear(value.value))
}

process.on('message', async ({ forMs }: { forMs: number }) => {
  const before = processUsage(process.pid).cpuSeconds
  delays = []
  await new Promise((resolve) => setTimeout(resolve, forMs))
  const cpuSeconds = processUsage(process.pid).cpuSeconds - before
  const sorted = delays.toSorted((one, other) => one - other)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  process.send?.({ told: sorted.length, p50: at(0.5), p99: at(0.99), max: at(1), cpuSeconds })
})
process.on('disconnect', () => process.exit(0))
await (side === 'ours' ? monitorOurs() : monitorBare())
process.send?.('ready')
