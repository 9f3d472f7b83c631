import { setTimeout as sleep } from 'node:timers/promises'
import { lateAnswerMs, type Misbehaviour } from '#connector'
import { opcUaEquipment } from './opc-ua-equipment.ts'
import type { Rewrite } from './start-opc-ua-server.ts'
import { startRelay, type Tamper } from './start-relay.ts'

/** What is done to each answer; `refusing` is done by the server itself. */
const spoiled: Readonly<Record<Misbehaviour, Tamper | undefined>> = {
  none: undefined,
  refusing: undefined,
  silent: () => undefined,
  async late(chunk, client) {
    await sleep(lateAnswerMs)
    if (!client.destroyed) client.write(chunk)
  },
  garbage: (_chunk, client) => void client.write('HTTP/1.1 400 Bad Request\r\n\r\n'),
  half: (chunk, client) => void client.end(chunk.subarray(0, chunk.length >> 1)),
  closing: (_chunk, client) => void client.destroy(),
}

/**
 * A server on a port that stays the same while the server behind it goes and comes back. The whole of node-opcua is imported
 * with the first one: a service that simulates nothing does without it.
 */
export async function startOpcUaMachine(given: unknown, identity?: string) {
  const { startOpcUaServer } = await import('./start-opc-ua-server.ts')
  let server = await startOpcUaServer(opcUaEquipment.parse(given), identity)
  const relay = await startRelay(() => server.port)
  return {
    port: relay.port,
    connections: relay.connections,
    tamper: relay.tamper,
    rewrite: (how?: Rewrite) => server.rewrite(how),
    load: (next: unknown) => server.load(opcUaEquipment.parse(next)),
    misbehave(kind: Misbehaviour) {
      server.refuse(kind === 'refusing')
      relay.tamper(spoiled[kind])
    },
    change: (node: string, value: Parameters<typeof server.change>[1]) => server.change(node, value),
    sessions: () => server.sessions(),
    locales: () => server.locales(),
    places: () => server.places(),
    subscriptions: () => server.subscriptions(),
    endSubscriptions: () => server.endSubscriptions(),
    /** What is returned ends the thief's session. */
    stealSubscriptions: () => server.stealSubscriptions(),
    closeSessions: () => server.closeSessions(),
    /** The server goes, with every connection, and another one comes: with another certificate where `identity` names one. */
    async restart(next: unknown, nextIdentity = identity) {
      relay.closeConnections()
      await server.stop()
      server = await startOpcUaServer(opcUaEquipment.parse(next), nextIdentity)
    },
    async stop() {
      await relay.stop()
      await server.stop()
    },
  }
}
