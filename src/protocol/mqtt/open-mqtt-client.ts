import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import type { MqttClient as LibraryClient } from 'mqtt'
import type { Dial } from '#connector'
import { BakewireError, limits } from '#core'
import { secondsText, withTimeLimit } from '#egress'
import { secureContextOf, startTls, type TlsSettings } from '#protocol/tls'
import { goodbyeFault, loginFault, publishFault, topicFault } from './broker-fault.ts'
import { createFrameInspector } from './inspect-frames.ts'
import { untilAborted } from './until-aborted.ts'

export interface MqttClientOptions {
  readonly dial: Dial
  readonly host: string
  readonly port: number
  /** Absent: not encrypted. */
  readonly tls?: TlsSettings | undefined
  /** 4 is MQTT 3.1.1. */
  readonly version: 4 | 5
  /** Default: one of this connection's own, which no other client has. */
  readonly clientId?: string
  readonly username?: string | undefined
  readonly password?: string | undefined
  /** Time for each answer of the broker; the login has at least as long as a dial. */
  readonly timeoutMs: number
  /** Ends the opening; has no effect afterwards. */
  readonly signal: AbortSignal
  readonly reached: (stage: 'secure' | 'trusted' | 'login') => void
  readonly onMessage: (message: MqttMessage) => void
  /** Called once when the open connection ends, unless `close` ended it. */
  readonly onLost: (error: BakewireError) => void
}

export interface MqttMessage {
  readonly topic: string
  /** At most `packetBytesMax` bytes. */
  readonly payload: Uint8Array
  /** The broker had kept it, or sends it once more (DUP): when it was sent is not known. */
  readonly isRetained: boolean
}

/** One connection to a broker. What each call throws: TIMED_OUT, the signal's reason, or why the connection ended. */
export interface MqttClient {
  /** Asks for topics; gives the refused ones with the reason (POINT_REFUSED). */
  subscribe(filters: readonly string[], how: { qos: 0 | 1; signal: AbortSignal }): Promise<Map<string, BakewireError>>
  /** Lets go of topics. What the broker says of it does not matter. */
  unsubscribe(filters: readonly string[]): void
  /**
   * Sends a message that the broker does not keep. Resolves when it has left (QoS 0) or the broker has taken it (QoS 1), which
   * says nothing of who gets it. Throws POINT_REFUSED where the broker says that it may not be sent, as only MQTT 5 can.
   */
  publish(topic: string, payload: string | Uint8Array, how: { qos: 0 | 1; signal: AbortSignal }): Promise<void>
  /** Resolves when the broker has answered: what it had sent us by then has been given to `onMessage`. */
  roundTrip(signal: AbortSignal): Promise<void>
  /** The outcome of `work`, or the end of the connection where that comes first. */
  whileOpen<T>(work: Promise<T>, signal: AbortSignal): Promise<T>
  /** Ends the connection. Safe twice. */
  close(): Promise<void>
}

/** 256 KB of payload, of which a machine needs a few, and room for the longest topic, packet id and properties. */
const packetBytesMax = (256 + 66) * 1024
/** A broker that hears nothing for one and a half of this ends the connection, and so do we. */
const keepAliveSeconds = 60
/** Some brokers take no more topics in one packet, and a packet of many long ones would be too long for others. */
const filtersPerPacket = 50
/** What the last packet may take to leave. */
const goodbyeMs = 500

/**
 * Opens a connection to a broker through `dial` and logs in. Throws what `dial` throws, CERTIFICATE_REJECTED, TLS_FAILED,
 * TIMED_OUT, CREDENTIALS_REJECTED, DEVICE_BUSY, PROTOCOL_VIOLATED, LINK_LOST or the signal's reason; no socket stays behind.
 */
export async function openMqttClient(options: MqttClientOptions): Promise<MqttClient> {
  const { dial, host, port, tls, timeoutMs, signal, reached } = options
  const what = `${tls ? 'mqtts' : 'mqtt'}://${host.includes(':') ? `[${host}]` : host}:${port}`
  // Before the dial: a certificate that cannot be used needs no connection.
  const context = tls && secureContextOf(tls)
  const library = await import('mqtt')
  const dialled = await dial({ host, port, signal })
  try {
    // Agreeing on keys and checking a password takes a small broker longer than any other answer.
    const loginMs = Math.max(timeoutMs, limits.dialTimeoutMs)
    const late = `${what} did not answer the login within ${secondsText(loginMs)}`
    return await withTimeLimit(signal, loginMs, late, async (limited) => {
      const socket: Socket =
        tls && context
          ? await startTls(dialled, { host, settings: tls, context, signal: limited, reached, what })
          : dialled
      const connection = converse(socket, library.MqttClient, { ...options, what })
      await untilAborted(connection.loggedIn, limited)
      reached('login')
      return connection.client
    })
  } catch (error) {
    dialled.destroy()
    throw error
  }
}

type Conversation = MqttClientOptions & { readonly what: string }

/** Speaks MQTT on a socket. What ends it is known once: everybody who waits gets that. */
function converse(socket: Socket, Library: typeof LibraryClient, options: Conversation) {
  const { what, version, username, password, timeoutMs, onMessage, onLost } = options
  const inspect = createFrameInspector({ version, packetBytesMax })
  const loggedIn = Promise.withResolvers<void>()
  /** Those who would wait in vain when the connection ends. */
  const waiting = new Set<(error: BakewireError) => void>()
  const pings = new Map<number, () => void>()
  let pingsSent = 0
  let pingsAnswered = 0
  let isOpen = false
  let ended: BakewireError | undefined

  const end = (error: BakewireError) => {
    socket.destroy()
    if (ended) return
    ended = error
    loggedIn.reject(error)
    for (const reject of waiting) reject(error)
    // After those who wait have heard why, for this ends all that is under way on the link.
    if (isOpen) setImmediate(onLost, error)
  }

  // Hears each chunk before the library does, which would believe anything.
  socket.on('data', (chunk: Uint8Array) => {
    const fault = ended ? undefined : inspect(chunk)
    if (fault !== undefined) end(new BakewireError('PROTOCOL_VIOLATED', `${what} sent ${fault}`))
  })
  const client = new Library(() => socket, {
    protocolVersion: version,
    clientId: options.clientId ?? `bakewire-${randomBytes(7).toString('hex')}`,
    clean: true,
    keepalive: keepAliveSeconds,
    // The framework's session dials again, and the time limit for the login is ours.
    reconnectPeriod: 0,
    connectTimeout: limits.openingTimeoutMs,
    resubscribe: false,
    queueQoSZero: false,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(version === 5 ? { properties: { maximumPacketSize: packetBytesMax } } : {}),
  })
  client.on('error', (error) => end(libraryFault(error, { what, isOpen })))
  client.on('close', () => {
    const instead = isOpen ? '' : ` instead of answering the login${version === 5 ? ': does it speak MQTT 5?' : ''}`
    end(new BakewireError('LINK_LOST', `${what} closed the connection${instead}`))
  })
  client.on('disconnect', (packet) => end(goodbyeFault(what, packet.reasonCode ?? 0)))
  client.on('connect', () => {
    if (ended) return
    isOpen = true
    loggedIn.resolve()
  })
  client.on('message', (topic, payload, { retain, dup }) => {
    if (isOpen && !ended) onMessage({ topic, payload, isRetained: retain || dup })
  })
  client.on('packetsend', ({ cmd }) => {
    if (cmd === 'pingreq') pingsSent += 1
  })
  client.on('packetreceive', (packet) => {
    // The library still gets what came with a fault; some of it would break it. A command that it does not know it passes over.
    if (ended) Object.assign(packet, { cmd: 'none' })
    if (packet.cmd !== 'pingresp') return
    pingsAnswered += 1
    pings.get(pingsAnswered)?.()
  })

  const whileOpen = <T>(work: Promise<T>, signal: AbortSignal): Promise<T> => {
    if (ended) return Promise.reject(ended)
    const broken = Promise.withResolvers<never>()
    waiting.add(broken.reject)
    return untilAborted(Promise.race([work, broken.promise]), signal).finally(() => waiting.delete(broken.reject))
  }
  const limited = <T>(signal: AbortSignal, work: Promise<T>): Promise<T> => {
    const late = `${what} did not answer within ${secondsText(timeoutMs)}`
    return withTimeLimit(signal, timeoutMs, late, (limit) => whileOpen(work, limit))
  }

  const made: MqttClient = {
    async subscribe(filters, { qos, signal }) {
      const refused = new Map<string, BakewireError>()
      for (let from = 0; from < filters.length; from += filtersPerPacket) {
        const asked = filters.slice(from, from + filtersPerPacket)
        if (ended) throw ended
        const codes = await limited(signal, granted(client, asked, qos))
        for (const [index, filter] of asked.entries()) {
          const code = codes[index] ?? 128
          if (code >= 128) refused.set(filter, topicFault(filter, code))
        }
      }
      return refused
    },
    unsubscribe(filters) {
      // A connection that ends has let go of them as well.
      if (!ended && filters.length > 0) client.unsubscribe([...filters], () => undefined)
    },
    async publish(topic, payload, { qos, signal }) {
      if (ended) throw ended
      await limited(signal, sent(client, { topic, payload, qos }))
    },
    async roundTrip(signal) {
      if (ended) throw ended
      signal.throwIfAborted()
      const answered = Promise.withResolvers<void>()
      client.sendPing()
      const number = pingsSent
      pings.set(number, answered.resolve)
      await limited(signal, answered.promise).finally(() => pings.delete(number))
    },
    whileOpen,
    async close() {
      isOpen = false
      const wasEnded = ended !== undefined
      ended ??= new BakewireError('LINK_LOST', `the connection to ${what} was given up`)
      if (!wasEnded) for (const reject of waiting) reject(ended)
      await sayGoodbye(socket)
      client.end(true)
    },
  }
  return { client: made, loggedIn: loggedIn.promise }
}

/** What the broker grants for each filter: a QoS, or a reason from 128 on. */
function granted(client: LibraryClient, filters: readonly string[], qos: 0 | 1): Promise<readonly number[]> {
  return new Promise((resolve) => {
    // Its only error is that the connection has ended, which everybody who waits is told anyway.
    client.subscribe([...filters], { qos }, (_error, _grants, packet) => {
      if (packet) resolve(packet.granted.map(Number))
    })
  })
}

interface Outgoing {
  readonly topic: string
  readonly payload: string | Uint8Array
  readonly qos: 0 | 1
}

function sent(client: LibraryClient, { topic, payload, qos }: Outgoing): Promise<void> {
  const bytes = typeof payload === 'string' ? payload : Buffer.from(payload)
  return new Promise((resolve, reject) => {
    client.publish(topic, bytes, { qos, retain: false }, (error) => {
      if (!error) resolve()
      // Any other error is that the connection has ended, which everybody who waits is told anyway.
      else if ('code' in error && typeof error.code === 'number') reject(publishFault(topic, error.code))
    })
  })
}

/** `DISCONNECT`, so that the broker does not take us for lost, then the end whether it has left or not. */
async function sayGoodbye(socket: Socket): Promise<void> {
  if (socket.destroyed) return
  const isGone = new Promise((resolve) => socket.once('close', resolve))
  const tooLong = setTimeout(() => socket.destroy(), goodbyeMs)
  socket.end(Uint8Array.of(0xe0, 0), () => socket.destroy())
  await isGone
  clearTimeout(tooLong)
}

function libraryFault(
  error: Error & { code?: number | string },
  { what, isOpen }: { what: string; isOpen: boolean },
): BakewireError {
  if (typeof error.code === 'number' && !isOpen) return loginFault(what, error.code)
  const options = { cause: error }
  if (error.message === 'Keepalive timeout') {
    return new BakewireError('LINK_LOST', `${what} has not answered for too long`, options)
  }
  if (typeof error.code === 'string') {
    return new BakewireError('LINK_LOST', `the connection to ${what} broke (${error.code})`, options)
  }
  // Not given as cause: the message may quote what the broker sent.
  return new BakewireError('PROTOCOL_VIOLATED', `${what} sent what is not MQTT`)
}
