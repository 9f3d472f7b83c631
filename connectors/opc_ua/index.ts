import { createHash } from 'node:crypto'
import type { Kit } from '#connector'
import {
  createKitchenDevice,
  createNodeDirectory,
  hostOf,
  type KitchenDevice,
  type NodeDirectory,
  type OpcUaClient,
  openOpcUaClient,
  portOf,
  readPoints,
  urlOf,
} from '#protocol/opc-ua'
import { checkTarget } from './check-target.ts'
import { type OpcUaTarget, opcUaSchemas } from './schemas.ts'

interface OpcUaLink {
  readonly client: OpcUaClient
  readonly directory: NodeDirectory
  /** Of machines without points. */
  readonly devices: WeakMap<OpcUaTarget, KitchenDevice>
  readonly now: () => number
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
      const { username } = target.credentials
      const user = username === undefined ? '' : `#${createHash('sha256').update(username).digest('hex').slice(0, 16)}`
      return `opc_ua:${urlOf(target)}${user}`
    },
    linkSettings: ({ settings }) => ({
      security_mode: settings.security_mode,
      security_policy: settings.security_policy,
      allow_plain_password: settings.allow_plain_password,
    }),
    stages: ['secure', 'trusted', 'login'],

    async open(target, { dial, trust, signal, clock, lost, reached }): Promise<OpcUaLink> {
      const { credentials, settings, timeoutMs, port } = target
      const { username, password = '' } = credentials
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
        user: username === undefined ? undefined : { name: username, password },
        allowPlainPassword: settings.allow_plain_password,
        timeoutMs,
      })
      return { client, directory: createNodeDirectory(client), devices: new WeakMap(), now: () => clock.now() }
    },

    close: ({ client }) => client.close(),
    read({ client, directory, devices, now }, { target, points, signal }) {
      const limits = { now, signal, timeoutMs: target.timeoutMs }
      if (target.points.length > 0) return readPoints({ services: client, directory }, points, limits)
      const device = devices.get(target) ?? createKitchenDevice(client, target.settings.device)
      devices.set(target, device)
      return device.read(limits)
    },
  })
