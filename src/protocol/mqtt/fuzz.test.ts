import fc from 'fast-check'
import { expect, it } from 'vitest'
import { BakewireError } from '#core'
import { answering, connack, connack5, dial, never, serveBytes } from './client-fixture.ts'
import { type MqttClient, openMqttClient } from './open-mqtt-client.ts'

const byte = fc.integer({ min: 0, max: 255 })
/** Packets of all kinds whose lengths are right and whose insides are anything. */
const packet = fc
  .tuple(fc.constantFrom(0x30, 0x31, 0x32, 0x3a, 0x90, 0xb0, 0xd0, 0xe0), fc.array(byte, { maxLength: 40 }))
  .map(([header, body]) => [header, body.length, ...body])
const bytes = fc.oneof(
  fc.array(packet, { maxLength: 5 }).map((packets) => packets.flat()),
  fc.array(byte, { maxLength: 80 }),
)

/** PUBACK, PUBREC, PUBREL and PUBCOMP that answer nothing: the library fails at an answer to the third. */
const withoutNumber = [0x40, 0x50, 0x62, 0x70].map((header): [number[]] => [[header, 0]])

it.each([4, 5] as const)('whatever a broker sends, MQTT level %i: a fault of ours or an answer', async (version) => {
  let said: number[] = []
  const broker = await serveBytes((socket, chunk) => {
    answering(version === 4 ? connack : connack5, said)(socket, chunk)
    if (chunk[0] !== 0x10) socket.end()
  })
  const tryOut = async (then: number[]) => {
    said = then
    const client = await openMqttClient({
      dial,
      host: '127.0.0.1',
      port: broker.port,
      version,
      timeoutMs: 5_000,
      signal: never,
      reached: () => undefined,
      onMessage: ({ topic, payload }) =>
        expect([typeof topic, payload instanceof Uint8Array]).toEqual(['string', true]),
      onLost: () => undefined,
    }).catch((error: unknown) => error)
    if (client instanceof Error) {
      expect(client).toBeInstanceOf(BakewireError)
      return
    }
    const { subscribe, close } = client as MqttClient
    await subscribe(['a'], { qos: 0, signal: never }).catch((error: unknown) =>
      expect(error).toBeInstanceOf(BakewireError),
    )
    await close()
  }
  await fc.assert(fc.asyncProperty(bytes, tryOut), { numRuns: 300, examples: withoutNumber })
})
