import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  MessageSecurityMode,
  type NodeId,
  nodesets,
  OPCUACertificateManager,
  OPCUAServer,
  SecurityPolicy,
  setErrorLogger,
  setWarningLogger,
} from 'node-opcua'
import { fillAddressSpace } from './fill-address-space.ts'
import type { OpcUaEquipment } from './opc-ua-equipment.ts'

export type OpcUaServer = Awaited<ReturnType<typeof startOpcUaServer>>

/** Keys and certificates of simulated servers by name, made once per process: each takes a second. */
const certificates = new Map<string, Promise<OPCUACertificateManager>>()

function certificatesOf(identity: string, trustsClients: boolean): Promise<OPCUACertificateManager> {
  const name = `${identity} ${trustsClients}`
  const known = certificates.get(name)
  if (known) return known
  const rootFolder = mkdtempSync(join(tmpdir(), 'bakewire-opc-ua-'))
  process.once('exit', () => rmSync(rootFolder, { recursive: true, force: true }))
  const manager = new OPCUACertificateManager({ rootFolder, automaticallyAcceptUnknownCertificate: trustsClients })
  const made = manager.initialize().then(() => manager)
  certificates.set(name, made)
  return made
}

async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const address = listener.address()
  listener.close()
  await once(listener, 'close')
  if (typeof address !== 'object' || address === null) throw new Error('there is no free port')
  return address.port
}

/** A real OPC UA server, node-opcua's, that holds what the description says. `identity` is whose certificate it shows. */
export async function startOpcUaServer(equipment: OpcUaEquipment, identity = equipment.identity) {
  // It warns of everything that tests do to it.
  setErrorLogger(() => undefined)
  setWarningLogger(() => undefined)
  const manager = await certificatesOf(identity, equipment.trusts_clients)
  const port = await freePort()
  const server = new OPCUAServer({
    port,
    host: '127.0.0.1',
    hostname: '127.0.0.1',
    nodeset_filename: equipment.devices
      ? [nodesets.standard, nodesets.di, nodesets.commercialKitchenEquipment]
      : [nodesets.standard],
    serverCertificateManager: manager,
    userCertificateManager: manager,
    serverInfo: { applicationUri: `urn:bakery:${identity}` },
    securityModes: equipment.modes.map((mode) => MessageSecurityMode[mode]),
    securityPolicies: [
      SecurityPolicy.None,
      ...equipment.policies.map((name) => SecurityPolicy[name as keyof typeof SecurityPolicy]),
    ],
    allowAnonymous: equipment.anonymous,
    userManager: {
      isValidUser: (name: string, password: string) => equipment.users[name] === password,
    },
    serverCapabilities: {
      maxSessions: 1_000,
      operationLimits: { maxNodesPerRead: equipment.nodes_per_read },
    },
    maxConnectionsPerEndpoint: 1_000,
    disableDiscovery: true,
  })
  await server.initialize()
  const { addressSpace } = server.engine
  if (!addressSpace) throw new Error('the server has no address space')
  const contents = fillAddressSpace(addressSpace, equipment)
  await server.start()
  return {
    port,
    load: contents.load,
    refuse: contents.refuse,
    sessions: () => server.currentSessionCount,
    /** As a server does that needs the place, or that was restarted without its connections. */
    closeSessions() {
      const sessions: Record<string, { authenticationToken: NodeId }> = Reflect.get(server.engine, '_sessions')
      for (const { authenticationToken } of Object.values(sessions)) {
        server.engine.closeSession(authenticationToken, true, 'Forcing')
      }
    },
    stop: () => server.shutdown(1),
  }
}
