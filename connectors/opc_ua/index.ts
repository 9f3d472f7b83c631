import { createHash } from 'node:crypto'
import type { Kit } from '#connector'
import {
  browseBelow,
  createDevice,
  createNodeDirectory,
  createPointMonitor,
  type Device,
  hostOf,
  type NodeDirectory,
  type OpcUaClient,
  openOpcUaClient,
  type PointMonitor,
  portOf,
  readHistory,
  readPoints,
  urlOf,
  writePoints,
} from '#protocol/opc-ua'
import { checkTarget } from './check-target.ts'
import { type OpcUaTarget, opcUaSchemas } from './schemas.ts'

/** A change waits for the next look at it and then for the publishing: a quarter of the interval more at most. */
const samplesPerPublishing = 4

interface OpcUaLink {
  readonly client: OpcUaClient
  readonly directory: NodeDirectory
  /** One subscription for all machines whose changes are published together. */
  readonly monitorEvery: (publishingIntervalMs: number) => PointMonitor
  /** Of machines without points. */
  readonly devices: WeakMap<OpcUaTarget, Device>
}

function deviceOf({ client, directory, devices }: OpcUaLink, target: OpcUaTarget): Device {
  const device = devices.get(target) ?? createDevice({ services: client, directory, which: target.settings.device })
  devices.set(target, device)
  return device
}

function userOf({ username, password = '', certificate, key }: OpcUaTarget['credentials']) {
  if (certificate !== undefined && key !== undefined) return { certificate, key }
  return username === undefined ? undefined : { name: username, password }
}

export default (kit: Kit) =>
  kit.defineConnector({
    id: 'opc_ua',
    aliases: ['opcua'],
    title: 'OPC UA',
    source: 'OPC 10000-3, -4, -6, -7, -8 (OPC Unified Architecture 1.05)',
    ...opcUaSchemas(kit),
    portOf,
    check: checkTarget,
    timeoutSecondsDefault: 10,
    describesItself: true,
    // One session for all machines behind a server, for each user that logs in.
    linkKey(target) {
      const { username, certificate } = target.credentials
      const name = username ?? certificate
      const user = name === undefined ? '' : `#${createHash('sha256').update(name).digest('hex').slice(0, 16)}`
      return `opc_ua:${urlOf(target)}${user}`
    },
    linkSettings: ({ settings }) => ({
      security_mode: settings.security_mode,
      security_policy: settings.security_policy,
      allow_plain_password: settings.allow_plain_password,
    }),
    logsInAtOpening: true,
    stages: ['trusted', 'secure', 'login'],

    async open(target, { dial, trust, signal, clock, log, lost, reached }): Promise<OpcUaLink> {
      const { credentials, settings, timeoutMs, port } = target
      const client = await openOpcUaClient({
        dial,
        trust,
        signal,
        reached,
        lost,
        host: hostOf(target),
        port,
        endpointUrl: urlOf(target),
        security: { mode: settings.security_mode, policy: settings.security_policy },
        user: userOf(credentials),
        allowPlainPassword: settings.allow_plain_password,
        timeoutMs,
      })
      const directory = createNodeDirectory(client)
      const monitors = new Map<number, PointMonitor>()
      const monitorEvery = (publishingIntervalMs: number) => {
        const known = monitors.get(publishingIntervalMs)
        const monitor =
          known ?? createPointMonitor({ services: client, directory, clock, log, publishingIntervalMs, timeoutMs })
        monitors.set(publishingIntervalMs, monitor)
        return monitor
      }
      return { client, directory, monitorEvery, devices: new WeakMap() }
    },

    close: ({ client }) => client.close(),
    async subscribe(link, { target, points, heard, signal }) {
      const { monitorEvery } = link
      const { subscribe, publishing_interval_ms, sampling_interval_ms } = target.settings
      if (!subscribe) return
      const monitor = monitorEvery(publishing_interval_ms)
      const samplingIntervalMs = sampling_interval_ms ?? publishing_interval_ms / samplesPerPublishing
      const watch = { samplingIntervalMs, heard, signal }
      if (target.points.length > 0) await monitor.watch({ points, ...watch })
      else await deviceOf(link, target).watch({ monitor, timeoutMs: target.timeoutMs, ...watch })
    },
    read(link, { target, points, signal }) {
      const { client, directory, monitorEvery } = link
      const limits = { signal, timeoutMs: target.timeoutMs }
      const { subscribe, publishing_interval_ms } = target.settings
      const monitor = subscribe ? monitorEvery(publishing_interval_ms) : undefined
      if (target.points.length === 0) return deviceOf(link, target).read(limits, monitor)
      return monitor ? monitor.read(points, limits) : readPoints({ services: client, directory }, points, limits)
    },
    write({ client, directory }, { target, writes, signal }) {
      return writePoints({ services: client, directory }, writes, { signal, timeoutMs: target.timeoutMs })
    },
    browse({ client }, { target, at, cursor, limit, signal }) {
      return browseBelow(client, { at, cursor, limit }, { signal, timeoutMs: target.timeoutMs })
    },
    history(link, { target, points, from, to, limit, signal }) {
      const { client, directory } = link
      const limits = { from, to, limit, signal, timeoutMs: target.timeoutMs }
      if (target.points.length === 0) return deviceOf(link, target).history(limits)
      return readHistory({ services: client, directory }, points, limits)
    },
  })
