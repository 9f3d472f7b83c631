import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { generate, type IConnectPacket, type ISubscribePacket, type Packet, parser } from 'mqtt-packet'
import { lateAnswerMs, type Misbehaviour } from '#connector'
import { topicMatches } from '#protocol/mqtt'
import type { MadeCertificate } from '#protocol/tls'
import { type BrokerEquipment, type BrokerMessage, payloadOf } from './broker-equipment.ts'
import { createSimulatedEdgeNode } from './edge-node.ts'
import { reactionsTo } from './reactions-to.ts'

export interface SimulatedBroker {
  readonly port: number
  /** The machines publish what they hold now. */
  hold(equipment: BrokerEquipment): void
  misbehave(kind: Misbehaviour): void
  connections(): number
  stop(): Promise<void>
}

/** What goes through the broker, whoever sent it. */
type Passing = Pick<BrokerMessage, 'topic' | 'retained' | 'qos' | 'dup'> & { readonly payload: Uint8Array }

interface Client {
  readonly socket: Socket
  version: 4 | 5
  readonly filters: Set<string>
}

/** A small broker of real MQTT on a free port of the loopback interface, with machines that publish through it. */
export async function startBroker(first: BrokerEquipment, certificate?: MadeCertificate): Promise<SimulatedBroker> {
  let equipment = first
  let edgeNodes = first.edgeNodes.map(createSimulatedEdgeNode)
  const clients = new Set<Client>()
  const sockets = new Set<Socket>()

  const serve = (socket: Socket) => {
    const client: Client = { socket, version: 4, filters: new Set() }
    clients.add(client)
    const reader = parser()
    // A client that breaks off or speaks nonsense is part of every test of broken connections.
    reader.on('error', () => socket.destroy())
    reader.on('packet', (packet: Packet) => {
      serveClient(client, packet, equipment)
      if (packet.cmd === 'publish') pass(packet.topic, Buffer.from(packet.payload))
    })
    socket.on('data', (chunk) => reader.parse(chunk))
    socket.on('error', () => socket.destroy())
    socket.on('close', () => clients.delete(client))
  }
  /** To all who listen, the sender too; then what the machines publish because of it. */
  const pass = (topic: string, payload: Uint8Array) => {
    if (equipment.misbehaviour !== 'none') return
    const plain = { retained: false, qos: 0, dup: false } as const
    const told = edgeNodes.flatMap((edgeNode) => edgeNode(topic, payload) ?? [])
    const reacted = reactionsTo(equipment.reactions, topic, payload).map(passing)
    const all = [{ ...plain, topic, payload }, ...told.map((message) => ({ ...plain, ...message })), ...reacted]
    for (const client of clients) publish(client, all)
  }
  const server: Server = certificate
    ? createTlsServer({ cert: certificate.cert, key: certificate.key }, serve).on('tlsClientError', (_error, socket) =>
        socket.destroy(),
      )
    : createServer(serve)
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('The broker has no port')

  return {
    port: address.port,
    hold(next) {
      equipment = next
      edgeNodes = next.edgeNodes.map(createSimulatedEdgeNode)
      // To those who listen already a broker sends nothing as retained: MQTT 3.1.1, 3.3.1.3.
      const fresh = equipment.messages.map((message) => passing({ ...message, retained: false }))
      for (const client of clients) publish(client, fresh)
    },
    misbehave(kind) {
      equipment = { ...equipment, misbehaviour: kind }
      // What a topic says that is no more: MQTT 3.1.1, 3.3.1.3.
      const emptied = equipment.messages.map(({ topic }) => passing({ topic, retained: false, qos: 0, dup: false }))
      if (kind === 'refusing') for (const client of clients) publish(client, emptied)
    },
    connections: () => sockets.size,
    async stop() {
      const closed = server.listening ? once(server, 'close') : undefined
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

function serveClient(client: Client, packet: Packet, equipment: BrokerEquipment): void {
  if (packet.cmd === 'connect') {
    client.version = packet.protocolVersion === 5 ? 5 : 4
    const code = loginCode(packet, equipment)
    const answer = { cmd: 'connack', sessionPresent: false, returnCode: code, reasonCode: code } as const
    send(client, answer, equipment.misbehaviour)
    if (code !== 0) client.socket.end()
  } else if (packet.cmd === 'subscribe') subscribe(client, packet, equipment)
  else if (packet.cmd === 'pingreq') send(client, { cmd: 'pingresp' }, equipment.misbehaviour)
  else if (packet.cmd === 'unsubscribe') {
    for (const filter of packet.unsubscriptions) client.filters.delete(filter)
    send(client, { cmd: 'unsuback', messageId: packet.messageId ?? 0, granted: [] }, equipment.misbehaviour)
  } else if (packet.cmd === 'publish' && packet.qos === 1) {
    send(client, { cmd: 'puback', messageId: packet.messageId ?? 0, reasonCode: 0 }, equipment.misbehaviour)
  } else if (packet.cmd === 'disconnect') client.socket.end()
}

function loginCode({ username, password }: IConnectPacket, { login, loginCode = 0 }: BrokerEquipment): number {
  if (!login) return loginCode
  const isRight = login.username === username && login.password === password?.toString()
  return isRight ? loginCode : 5
}

function subscribe(client: Client, packet: ISubscribePacket, equipment: BrokerEquipment): void {
  const { refuses, misbehaviour, messages } = equipment
  const filters = packet.subscriptions.map(({ topic }) => topic)
  const granted = packet.subscriptions.map(({ topic, qos }) => {
    if (misbehaviour === 'refusing') return 128
    const code = refuses[topic]
    if (code === undefined) client.filters.add(topic)
    return code ?? qos
  })
  send(client, { cmd: 'suback', messageId: packet.messageId ?? 0, granted }, misbehaviour)
  if (misbehaviour !== 'none') return
  const asked = messages.filter(({ topic }) => filters.some((filter) => topicMatches(filter, topic)))
  publish(client, asked.map(passing))
}

function passing(message: BrokerMessage): Passing {
  const { topic, qos, dup, retained } = message
  return { topic, qos, dup, retained, payload: payloadOf(message) }
}

function publish(client: Client, messages: readonly Passing[]): void {
  for (const [index, { topic, qos, dup, retained, payload }] of messages.entries()) {
    if (![...client.filters].some((filter) => topicMatches(filter, topic))) continue
    const bytes = Buffer.from(payload)
    write(client, { cmd: 'publish', topic, payload: bytes, qos, dup, retain: retained, messageId: index + 1 })
  }
}

/** Answers as the misbehaviour has it. */
function send(client: Client, packet: Packet, misbehaviour: Misbehaviour): void {
  const { socket } = client
  const bytes = generate(packet, { protocolVersion: client.version })
  if (misbehaviour === 'silent') return
  if (misbehaviour === 'closing') socket.destroy()
  else if (misbehaviour === 'garbage') socket.write('HTTP/1.1 400 Bad Request\r\n\r\n')
  else if (misbehaviour === 'half') socket.end(bytes.subarray(0, 1))
  else if (misbehaviour === 'late') setTimeout(() => write(client, packet), lateAnswerMs)
  else socket.write(bytes)
}

function write({ socket, version }: Client, packet: Packet): void {
  if (socket.writable) socket.write(generate(packet, { protocolVersion: version }))
}
