import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import { type BakewireError, silentLog } from '#core'
import { createEgressGate, parseEgressAllow } from '#egress'
import { type MqttClient, type MqttClientOptions, type MqttMessage, openMqttClient } from './open-mqtt-client.ts'

/** For tests: the signal of work that nobody gives up. */
export const never = new AbortController().signal
export const { dial } = createEgressGate({ allow: parseEgressAllow('127.0.0.1'), denied: [], log: silentLog })

export const connack = [0x20, 2, 0, 0]
export const connack5 = [0x20, 3, 0, 0, 0]

export interface ByteBroker {
  readonly port: number
  /** Connections that are open now. */
  readonly sockets: ReadonlySet<Socket>
  /** All that came in, of all connections. */
  received(): Buffer
}

/** A listener on a real socket that says what it is told to, MQTT or not: `onData` hears each chunk. Ends with the test. */
export async function serveBytes(onData: (socket: Socket, chunk: Buffer) => void): Promise<ByteBroker> {
  const sockets = new Set<Socket>()
  const chunks: Buffer[] = []
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    // A client that breaks off is what most of these tests are about.
    socket.on('error', () => socket.destroy())
    socket.on('data', (chunk) => {
      chunks.push(chunk)
      onData(socket, chunk)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('The server has no port')
  return { port: address.port, sockets, received: () => Buffer.concat(chunks) }
}

/** Answers the login, gives what comes after it once, and answers pings. */
export function answering(login: readonly number[], then: readonly number[] = []) {
  return (socket: Socket, chunk: Buffer): void => {
    if (chunk[0] === 0x10) socket.write(Uint8Array.from([...login, ...then]))
    if (chunk.includes(Buffer.of(0xc0, 0))) socket.write(Uint8Array.of(0xd0, 0))
  }
}

export interface OpenedClient {
  readonly client: MqttClient
  readonly messages: MqttMessage[]
  readonly losses: BakewireError[]
  readonly stages: string[]
}

/** A client of that listener; ends with the test. */
export async function open(
  { port }: { port: number },
  options: Partial<MqttClientOptions> = {},
): Promise<OpenedClient> {
  const messages: MqttMessage[] = []
  const losses: BakewireError[] = []
  const stages: string[] = []
  const client = await openMqttClient({
    dial,
    host: '127.0.0.1',
    port,
    version: 4,
    timeoutMs: 10_000,
    signal: never,
    reached: (stage) => stages.push(stage),
    onMessage: (message) => messages.push(message),
    onLost: (error) => losses.push(error),
    ...options,
  })
  onTestFinished(() => client.close())
  return { client, messages, losses, stages }
}

/** `CODE: message` of what was thrown, with PORT for the number. */
export async function faultOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'no error',
    (error: BakewireError) => `${error.code}: ${error.message.replace(/:\d{4,5}\b/, ':PORT')}`,
  )
}

/** A PUBLISH packet of QoS 0. */
export function message(topic: string | Uint8Array, payload: string | Uint8Array): number[] {
  const name = Buffer.from(topic)
  const body = [name.length >> 8, name.length & 0xff, ...name, ...Buffer.from(payload)]
  return [0x30, ...lengthOf(body.length), ...body]
}

function lengthOf(length: number): number[] {
  return length < 128 ? [length] : [(length & 0x7f) | 0x80, ...lengthOf(length >> 7)]
}
