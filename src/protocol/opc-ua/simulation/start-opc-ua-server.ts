import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  MessageSecurityMode,
  nodesets,
  OPCUACertificateManager,
  OPCUAServer,
  SecurityPolicy,
  type ServerSession,
  setErrorLogger,
  setWarningLogger,
} from 'node-opcua'
import { fillAddressSpace } from './fill-address-space.ts'
import type { OpcUaEquipment } from './opc-ua-equipment.ts'
import { pageHistory, placesTaken } from './page-history.ts'
import { showWhenAsked } from './show-when-asked.ts'
import { stealSubscriptions } from './steal-subscriptions.ts'

/** Changes an answer before it is encoded and signed; `schema.name` says which one it is. */
// biome-ignore lint/suspicious/noExplicitAny: answers of every shape
export type Rewrite = (answer: any) => void

export type OpcUaServer = Awaited<ReturnType<typeof startOpcUaServer>>

/** Keys and certificates of simulated servers by name, made once per process: each takes a second. */
const certificates = new Map<string, Promise<OPCUACertificateManager>>()

function certificatesOf(
  identity: string,
  { trusts_clients: trustsClients, certificates_in: folder }: OpcUaEquipment,
): Promise<OPCUACertificateManager> {
  const name = `${identity} ${trustsClients} ${folder}`
  const known = certificates.get(name)
  if (known) return known
  const rootFolder = folder ?? passingFolder()
  const manager = new OPCUACertificateManager({ rootFolder, automaticallyAcceptUnknownCertificate: trustsClients })
  const made = manager.initialize().then(() => manager)
  certificates.set(name, made)
  return made
}

function passingFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bakewire-opc-ua-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  return folder
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

/** The models that the devices are of; loading one takes a while. */
function nodesetsOf({ devices }: OpcUaEquipment): string[] {
  const has = (place: string) => devices?.some(({ below }) => below === place)
  return [
    nodesets.standard,
    ...(devices ? [nodesets.di, nodesets.commercialKitchenEquipment] : []),
    ...(has('Machines') ? [nodesets.ia, nodesets.machinery] : []),
    ...(has('PackMLObjects') ? [nodesets.packML] : []),
  ]
}

/** A real OPC UA server, node-opcua's, that holds what the description says. `identity` is whose certificate it shows. */
export async function startOpcUaServer(equipment: OpcUaEquipment, identity = equipment.identity) {
  // It warns of everything that tests do to it.
  setErrorLogger(() => undefined)
  setWarningLogger(() => undefined)
  const manager = await certificatesOf(identity, equipment)
  const port = await freePort()
  const server = new OPCUAServer({
    port,
    host: '127.0.0.1',
    hostname: '127.0.0.1',
    nodeset_filename: nodesetsOf(equipment),
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
      maxBrowseContinuationPoints: equipment.browse_places,
      operationLimits: {
        maxNodesPerRead: equipment.nodes_per_read,
        maxNodesPerBrowse: equipment.nodes_per_browse,
        maxMonitoredItemsPerCall: equipment.items_per_call,
      },
      maxMonitoredItemsPerSubscription: equipment.items_per_subscription,
    },
    maxConnectionsPerEndpoint: 1_000,
    allowAnonymousSubscriptionTransferOnUnsecuredChannel: true,
    // Without None among its modes it is asked without security what it offers, and nothing else.
    disableDiscovery: equipment.modes.includes('None'),
  })
  await server.initialize()
  const { addressSpace } = server.engine
  if (!addressSpace) throw new Error('the server has no address space')
  const contents = fillAddressSpace(addressSpace, equipment)
  pageHistory(server, equipment)
  if (!equipment.shows_unasked) showWhenAsked(server)
  let rewrite: Rewrite | undefined
  server.on('response', (answer) => rewrite?.(answer))
  await server.start()
  const sessions = () => Object.values(Reflect.get(server.engine, '_sessions') as Record<string, ServerSession>)
  return {
    port,
    load: contents.load,
    refuse: contents.refuse,
    change: contents.change,
    rewrite(given: Rewrite | undefined) {
      rewrite = given
    },
    subscriptions: () => server.engine.currentSubscriptionCount,
    /** As a server does that has too many. */
    endSubscriptions() {
      for (const session of sessions()) {
        for (const { id } of session.publishEngine.subscriptions) session.deleteSubscription(id)
      }
    },
    stealSubscriptions() {
      const subscriptionIds = sessions().flatMap(({ publishEngine }) => publishEngine.subscriptions.map(({ id }) => id))
      return stealSubscriptions({ port, subscriptionIds, manager })
    },
    sessions: () => server.currentSessionCount,
    /** Languages that sessions ask for, the wanted ones first. */
    locales: () => sessions().map(({ localeIds }) => localeIds),
    /** Answers that wait to be continued. */
    places: () => sessions().reduce((sum, session) => sum + placesTaken(session), 0),
    /** As a server does that needs the place, or that was restarted without its connections. */
    closeSessions() {
      for (const { authenticationToken } of sessions()) {
        server.engine.closeSession(authenticationToken, true, 'Forcing')
      }
    },
    stop: () => server.shutdown(1),
  }
}
