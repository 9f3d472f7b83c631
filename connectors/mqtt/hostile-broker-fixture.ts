import type { Socket } from 'node:net'
import { generate, parser } from 'mqtt-packet'
import { serveBytes } from '../../src/protocol/mqtt/client-fixture.ts'
import { openLink, targetOf } from './link-fixture.ts'

export interface Hostile {
  /** Sent in answer to the login, in place of the right answer. */
  readonly login?: readonly number[]
  readonly granted?: number
  /** Sent as soon as a subscription was answered; may be changed for the next one. */
  messages?: Uint8Array
  readonly version?: 4 | 5
}

export const bytes = (...parts: readonly (readonly number[])[]) => Uint8Array.from(parts.flat())
export const points = [{ metric: 'temperature', topic: 'oven/temp' }]

/** A broker that speaks as it should but for what it is told to say. Ends with the test. */
export function hostileBroker(hostile: Hostile) {
  const { login, granted = 0, version = 4 } = hostile
  const readers = new WeakMap<Socket, ReturnType<typeof parser>>()
  const readerOf = (socket: Socket) => {
    const known = readers.get(socket)
    if (known) return known
    const reader = parser({ protocolVersion: version })
    readers.set(socket, reader)
    const send = (packet: Parameters<typeof generate>[0]) =>
      void socket.write(generate(packet, { protocolVersion: version }))
    reader.on('packet', (packet) => {
      if (packet.cmd === 'connect') {
        if (login) socket.write(Uint8Array.from(login))
        else send({ cmd: 'connack', sessionPresent: false, returnCode: 0, reasonCode: 0 })
      } else if (packet.cmd === 'subscribe') {
        const codes = packet.subscriptions.map(() => granted)
        send({ cmd: 'suback', messageId: packet.messageId ?? 0, granted: codes })
        if (hostile.messages) socket.write(hostile.messages)
      } else if (packet.cmd === 'pingreq') send({ cmd: 'pingresp' })
    })
    return reader
  }
  return serveBytes((socket, chunk) => void readerOf(socket).parse(chunk))
}

export async function linkTo(hostile: Hostile, given: readonly object[] = points, settings: object = {}) {
  const broker = await hostileBroker(hostile)
  const version = hostile.version === 5 ? '5' : '3.1.1'
  const target = targetOf(broker, given, { settings: { version, timeout: 5, ...settings } })
  return { broker, open: () => openLink(target) }
}
