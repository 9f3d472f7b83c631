import type { Socket } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { startOpcUaMachine, type Tamper } from '#protocol/opc-ua'
import { soon } from '../../test/setup/soon.ts'
import { faultOf, holding, openLink, outcomeOf } from './link-fixture.ts'

const value = 182.5
const settings = { security_mode: 'None' }
/** Where no answer is what comes. */
const impatient = { ...settings, timeout: 3 }

let machine: Awaited<ReturnType<typeof startOpcUaMachine>>
beforeAll(async () => {
  machine = await startOpcUaMachine(holding(value))
})
const warned = vi.spyOn(console, 'warn')
afterEach(() => {
  machine.tamper()
  // Whatever a server sends is nothing for the console of the process.
  expect(warned).not.toHaveBeenCalled()
})
afterAll(() => machine.stop())

const chunkOf = (head: string, body: Buffer) => {
  const header = Buffer.alloc(8)
  header.write(head, 'latin1')
  header.writeUInt32LE(8 + body.length, 4)
  return Buffer.concat([header, body])
}
const bytes = (...parts: readonly (number | Buffer)[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'number' ? Buffer.from([part]) : part)))
const int32 = (number: number) => {
  const buffer = Buffer.alloc(4)
  buffer.writeInt32LE(number)
  return buffer
}
const double = Buffer.alloc(8)
double.writeDoubleLE(value)

/** Puts other bytes in the place of the Variant (type 11, Double) that the answer to a read holds. */
const insteadOfVariant =
  (variant: Buffer): Tamper =>
  (chunk, client) => {
    const at = chunk.indexOf(double) - 1
    if (at < 8) client.write(chunk)
    else sendInChunks(client, chunk, bytes(chunk.subarray(24, at), variant, chunk.subarray(at + 9)))
  }

/** Puts other bytes in the place of the header's diagnostics (1 byte) and what stands behind those. */
const insteadOfDiagnostics =
  (diagnostics: Buffer): Tamper =>
  (chunk, client) =>
    sendInChunks(client, chunk, bytes(chunk.subarray(24, 44), diagnostics, chunk.subarray(52)))

/** Another body behind the headers of channel and sequence, in as many chunks as it takes, whose numbers count on. */
function sendInChunks(client: Socket, { buffer, byteOffset }: Buffer, body: Buffer): void {
  const head = Buffer.from(buffer, byteOffset + 8, 16)
  const size = 60_000
  const count = Math.ceil(body.length / size)
  for (let index = 0; index < count; index += 1) {
    const sequence = Buffer.from(head)
    sequence.writeUInt32LE(sequence.readUInt32LE(8) + index, 8)
    const type = index + 1 < count ? 'MSGC' : 'MSGF'
    client.write(chunkOf(type, bytes(sequence, body.subarray(index * size, (index + 1) * size))))
  }
}

/** A link on which one read went well, and what becomes of the next one when answers are spoiled. */
async function readSpoiled(tamper: Tamper, given: object = settings) {
  const link = await openLink(machine, { settings: given })
  expect(outcomeOf(await link.read())).toBe(value)
  machine.tamper(tamper)
  const read = await link.read().catch((error: unknown) => error)
  machine.tamper()
  return { link, read }
}

const array = 0x80

/** What spoils an answer gives no value (or `outcome`), takes no memory, and leaves other links as they are. */
async function expectHarmless(tamper: Tamper, outcome: unknown = 'VALUE_INVALID') {
  const other = await openLink(machine, { settings })
  const before = process.memoryUsage().rss
  const { link, read } = await readSpoiled(tamper)
  if (read instanceof Error) expect(read).toMatchObject({ code: 'PROTOCOL_VIOLATED' })
  else expect(outcomeOf(read as never)).toBe(outcome)
  expect(process.memoryUsage().rss - before).toBeLessThan(256 * 1024 * 1024)
  await link.close()
  expect([outcomeOf(await other.read()), other.lost]).toEqual([value, []])
  expect(outcomeOf(await (await openLink(machine, { settings })).read())).toBe(value)
}

/** Variants, each a MonitoredItemNotification (OPC 10000-6, NodeIds.csv: 808) whose value is the next one. */
function structures(depth: number): Buffer {
  const innermost = bytes(1, 1)
  const parts = [innermost]
  for (let level = 0, length = innermost.length; level < depth; level += 1) {
    const around = bytes(22, 1, 0, 0x28, 3, 1, int32(5 + length), int32(level), 1)
    parts.push(around)
    length += around.length
  }
  return Buffer.concat(parts.toReversed())
}
const repeated = (part: Buffer, times: number) => Buffer.concat(Array.from({ length: times }, () => part))

describe('values', () => {
  it.each<[string, Buffer, string]>([
    ['an array of length -1', bytes(array | 11, int32(-1)), 'VALUE_INVALID'],
    ['no value', bytes(0), 'VALUE_INVALID'],
    ['a text of length -1', bytes(12, int32(-1)), 'VALUE_INVALID'],
    ['a node id of 60,000 letters', bytes(17, 3, 0, 0, int32(60_000), Buffer.alloc(60_000, 'n')), 'VALUE_INVALID'],
    ['a structure of an unknown type', bytes(22, 1, 0, 1, 2, 1, int32(4), int32(7)), 'VALUE_INVALID'],
    ['a structure without a body', bytes(22, 0, 0, 0), 'VALUE_INVALID'],
  ])('%s is a fault of the point', async (_name, variant, code) => {
    const { read } = await readSpoiled(insteadOfVariant(variant))
    expect(outcomeOf(read as never)).toBe(code)
  })

  it('a node id of a megabyte, in as many chunks as it takes, is a fault of the point', async () => {
    const variant = bytes(17, 3, 0, 0, int32(1_000_000), Buffer.alloc(1_000_000, 'n'))
    const { link, read } = await readSpoiled(insteadOfVariant(variant))
    expect(outcomeOf(read as never)).toBe('VALUE_INVALID')
    expect(JSON.stringify(read).length).toBeLessThan(1_000)
    await link.close()
  })

  it.each<[string, Buffer]>([
    ['an array of length 2^31-1', bytes(array | 11, int32(2 ** 31 - 1))],
    ['an array of length -2^31', bytes(array | 12, int32(-(2 ** 31)))],
    ['an array of bytes of length 2^31-1', bytes(array | 3, int32(2 ** 31 - 1))],
    ['a text of length 2^31-1', bytes(12, int32(2 ** 31 - 1))],
    ['bytes of length 2^31-1', bytes(15, int32(2 ** 31 - 1))],
    ['a node id of a megabyte that is not there', bytes(17, 3, 0, 0, int32(1_000_000), Buffer.alloc(100, 'n'))],
    ['a structure of length 2^31-1', bytes(22, 1, 0, 1, 2, 1, int32(2 ** 31 - 1))],
    ['2,000 structures in each other', structures(2_000)],
    ['10,000 structures in each other', structures(10_000)],
    ['100,000 structures in each other', structures(100_000)],
    ['an unknown type', bytes(63)],
    ['10,000 Variants in each other', repeated(bytes(array | 24, int32(1)), 10_000)],
    ['10,000 DataValues in each other', repeated(bytes(23, 1), 10_000)],
    [
      'a matrix of 2^31-1 by 2^31-1',
      bytes(0xc0 | 11, int32(1), double, int32(2), int32(2 ** 31 - 1), int32(2 ** 31 - 1)),
    ],
  ])('%s gives no value and ends no process', (_name, variant) => expectHarmless(insteadOfVariant(variant)))

  it.each<[string, Buffer]>([
    ['10,000 diagnostics in each other', bytes(repeated(bytes(0x40), 10_000), 0, int32(-1), 0, 0, 0)],
    ['a list of 2^31-1 texts', bytes(0, int32(2 ** 31 - 1), 0, 0, 0)],
  ])('with %s in the header of their answer are none, and end no process', (_name, diagnostics) =>
    expectHarmless(insteadOfDiagnostics(diagnostics)),
  )

  /** Hundreds of nanoseconds since 1601 (OPC 10000-6, 5.2.2.5). */
  const ticksOf = (time: number) => BigInt(time - Date.UTC(1601, 0, 1)) * 10_000n
  const in2099 = Date.UTC(2099, 0, 1)
  it.each<[string, bigint, number | undefined]>([
    ['the least number', -(2n ** 63n), undefined],
    ['nothing', 0n, undefined],
    ['1601', ticksOf(Date.UTC(1601, 5, 1)), undefined],
    ['2099, which is told as it is,', ticksOf(in2099), in2099],
    ['9999', ticksOf(Date.UTC(9999, 11, 31)), undefined],
    ['the greatest number', 2n ** 63n - 1n, undefined],
  ])('with a source time of %s are values all the same', async (_name, ticks, sourceTime) => {
    const time = Buffer.alloc(8)
    time.writeBigInt64LE(ticks)
    let held: number | undefined
    const { read } = await readSpoiled((chunk, client) => {
      const at = chunk.indexOf(double) - 1
      held = chunk[at - 1]
      const timed = bytes(5, chunk.subarray(at, at + 9), time)
      sendInChunks(client, chunk, bytes(chunk.subarray(24, at - 1), timed, chunk.subarray(at + 9)))
    })
    // A DataValue says in its first byte what it holds: 1 a value, 4 a source time.
    expect(held).toBe(1)
    expect(read).toEqual([{ metric: 'temperature', value, quality: 'good', sourceTime }])
  })

  it("10,000 structures in each other in the header of their answer are nobody's business", () =>
    expectHarmless(insteadOfDiagnostics(bytes(0, int32(-1), structures(10_000).subarray(1))), value))

  it('10,000 structures in each other that a subscription brings end its link, and no other', async () => {
    const other = await openLink(machine, { settings })
    const link = await openLink(machine, { settings: { ...settings, subscribe: true, publishing_interval_ms: 50 } })
    machine.tamper(insteadOfVariant(structures(10_000)))
    const arrived = await link.subscribe()
    await vi.waitFor(() => expect(link.lost).toMatchObject([{ code: 'PROTOCOL_VIOLATED' }]), soon)
    machine.tamper()
    expect(arrived).toEqual([])
    expect([outcomeOf(await other.read()), other.lost]).toEqual([value, []])
  })
})

describe('chunks', () => {
  const flood = (head: string, body: Buffer) => (_chunk: Buffer, client: Socket) => {
    const chunk = chunkOf(head, body)
    const pour = () => {
      while (!client.destroyed && client.write(chunk));
      if (!client.destroyed) client.once('drain', pour)
    }
    pour()
  }

  it.each<[string, Tamper]>([
    [
      'a header of 2 GB',
      (chunk, client) => void client.write(bytes(chunk.subarray(0, 4), int32(2 ** 31 - 1), chunk.subarray(8))),
    ],
    [
      'a header of no bytes',
      (chunk, client) => void client.write(bytes(chunk.subarray(0, 4), int32(0), chunk.subarray(8))),
    ],
    [
      'a chunk longer than was agreed',
      (chunk, client) => void client.write(chunkOf('MSGF', bytes(chunk.subarray(8), Buffer.alloc(65_536)))),
    ],
    ['a message longer than was agreed', flood('MSGC', Buffer.alloc(60_000))],
    ['a message in more chunks than were agreed', flood('MSGC', Buffer.alloc(40))],
    ['an unknown type of message', (chunk, client) => void client.write(bytes(Buffer.from('XYZF'), chunk.subarray(4)))],
    [
      'an answer of another type',
      (chunk, client) => void client.write(chunkOf('MSGF', bytes(chunk.subarray(8, 24), Buffer.from([1, 0, 1, 2])))),
    ],
  ])('%s ends the link', async (_name, tamper) => {
    const { link, read } = await readSpoiled(tamper)
    expect(read).toMatchObject({ code: 'PROTOCOL_VIOLATED' })
    await vi.waitFor(() => expect(link.lost).toHaveLength(1), soon)
    expect(link.openSockets()).toBe(0)
    expect(await faultOf(link.read())).toMatchObject({ code: 'LINK_LOST' })
  })

  it('a chunk without an end is no answer in time, and what is joined to it none to the next question', async () => {
    const { link, read } = await readSpoiled(
      (chunk, client) => void client.write(bytes(Buffer.from('MSGC'), chunk.subarray(4))),
      impatient,
    )
    expect(read).toMatchObject({ code: 'TIMED_OUT' })
    machine.load(holding(value + 1))
    expect(await faultOf(link.read())).toMatchObject({ code: 'PROTOCOL_VIOLATED' })
    expect(outcomeOf(await link.read())).toBe(value + 1)
    machine.load(holding(value))
  })

  it('an answer to another request is no answer in time, and the next one is heard', async () => {
    const { link, read } = await readSpoiled(
      (chunk, client) => void client.write(bytes(chunk.subarray(0, 20), int32(999_999), chunk.subarray(24))),
      impatient,
    )
    expect(read).toMatchObject({ code: 'TIMED_OUT' })
    expect(outcomeOf(await link.read())).toBe(value)
    expect(link.lost).toEqual([])
  })

  it('an answer with the handle 0, as of some old servers, is one', async () => {
    const { read } = await readSpoiled(
      (chunk, client) => void client.write(bytes(chunk.subarray(0, 36), int32(0), chunk.subarray(40))),
    )
    expect(outcomeOf(read as never)).toBe(value)
  })

  it('an error message with a status that there is not is against the protocol', async () => {
    const body = bytes(Buffer.from([0, 0, 0xff, 0x8f]), int32(-1))
    const { read } = await readSpoiled((_chunk, client) => void client.write(chunkOf('ERRF', body)))
    expect(read).toMatchObject({ code: 'PROTOCOL_VIOLATED' })
  })

  it('an error message of the server is told by its meaning', async () => {
    const body = bytes(Buffer.from([0, 0, 0x7d, 0x80]), int32(3), Buffer.from('<b>'))
    const { read } = await readSpoiled((_chunk, client) => void client.write(chunkOf('ERRF', body)))
    expect(read).toMatchObject({ code: 'DEVICE_BUSY', message: expect.not.stringContaining('<b>') })
  })
})

describe('signed messages', () => {
  const changed: Tamper = (chunk, client) => {
    const copy = Buffer.from(chunk)
    copy[40] = (copy[40] ?? 0) ^ 1
    client.write(copy)
  }

  it.each(['Sign', 'SignAndEncrypt'])('that were changed on the way give no value (%s)', async (mode) => {
    const link = await openLink(machine, { settings: { security_mode: mode } })
    expect(outcomeOf(await link.read())).toBe(value)
    machine.tamper(changed)
    expect(['PROTOCOL_VIOLATED', 'LINK_LOST']).toContain((await faultOf(link.read()))?.code)
    await vi.waitFor(() => expect(link.lost).toHaveLength(1), soon)
    expect(link.openSockets()).toBe(0)
  })

  it('of an opening that were changed end it', async () => {
    machine.tamper((chunk, client) => (chunk.length > 1_000 ? changed(chunk, client) : void client.write(chunk)))
    const fault = await faultOf(openLink(machine, { settings: { security_mode: 'SignAndEncrypt', timeout: 1 } }))
    expect(fault?.code).toMatch(/^(PROTOCOL_VIOLATED|LINK_LOST|TIMED_OUT|TLS_FAILED|CERTIFICATE_REJECTED)$/)
    await vi.waitFor(() => expect(machine.connections()).toBe(0), soon)
  })
})

describe('openings', () => {
  /** Says of every answer but those to the opening of the channel that it is one of another type (OPC 10000-6, NodeIds.csv). */
  const answeredBy =
    (type: number): Tamper =>
    (chunk, client) => {
      const copy = Buffer.from(chunk)
      // Behind the headers of chunk, channel and sequence: a NodeId of four bytes.
      if (copy.toString('latin1', 0, 3) === 'MSG') copy.writeUInt16LE(type, 26)
      client.write(copy)
    }

  it.each([0, 1, 8, 200, 2 ** 32 - 1])('that agree on buffers of %i bytes end no process', async (size) => {
    machine.tamper((chunk, client) => {
      const copy = Buffer.from(chunk)
      if (copy.toString('latin1', 0, 3) === 'ACK') for (const at of [12, 16, 20]) copy.writeUInt32LE(size, at)
      client.write(copy)
    })
    const fault = await faultOf(openLink(machine, { settings: { ...settings, timeout: 0.5 } }))
    expect(fault?.code ?? 'none').toMatch(/^(none|PROTOCOL_VIOLATED|TIMED_OUT|LINK_LOST)$/)
  })

  it.each<[string, Tamper, string]>([
    ['silence', () => undefined, 'TIMED_OUT'],
    ['HTTP', (_chunk, client) => void client.write('HTTP/1.1 400 Bad Request\r\n\r\n'), 'PROTOCOL_VIOLATED'],
    ['a closed connection', (_chunk, client) => void client.destroy(), 'LINK_LOST'],
    ['a cut answer', (chunk, client) => void client.end(chunk.subarray(0, 10)), 'LINK_LOST'],
    [
      'too many sessions',
      (chunk, client) =>
        void client.write(
          chunk.toString('latin1', 0, 3) === 'MSG'
            ? chunkOf('ERRF', bytes(Buffer.from([0, 0, 0x56, 0x80]), int32(-1)))
            : chunk,
        ),
      'DEVICE_BUSY',
    ],
    ['an answer to another question', answeredBy(476), 'PROTOCOL_VIOLATED'],
  ])('that meet %s fail and leave no connection', async (_name, tamper, code) => {
    machine.tamper(tamper)
    expect(await faultOf(openLink(machine, { settings }))).toMatchObject({ code })
    await vi.waitFor(() => expect(machine.connections()).toBe(0), soon)
  })
})

describe('requests that are answered with a fault', () => {
  /** A ServiceFault (397), with a response header that says why. */
  const faultWith =
    (status: number): Tamper =>
    (chunk, client) => {
      const header = Buffer.from(chunk.subarray(8, 52))
      header.writeUInt16LE(397, 18)
      header.writeUInt32LE(status, 32)
      client.write(chunkOf('MSGF', header))
    }

  it.each([
    ['BadSessionIdInvalid', 0x80250000, 'LINK_LOST'],
    ['BadSecureChannelIdInvalid', 0x80220000, 'LINK_LOST'],
    ['BadSessionClosed', 0x80260000, 'LINK_LOST'],
    ['BadTooManyOperations', 0x80100000, 'DEVICE_BUSY'],
    ['BadServerHalted', 0x800e0000, 'DEVICE_BUSY'],
    ['BadUserAccessDenied', 0x801f0000, 'CREDENTIALS_REJECTED'],
    ['BadTimeout', 0x800a0000, 'TIMED_OUT'],
    ['a status that there is not', 0x8fff0000, 'PROTOCOL_VIOLATED'],
  ])('%s are told by its meaning', async (_name, status, code) => {
    const { read } = await readSpoiled(faultWith(status))
    expect(read).toMatchObject({ code })
  })
})

describe('the address space', () => {
  const types = { BrowseResponse: 530, BrowseNextResponse: 536 } as const
  const isAnswer = (chunk: Buffer, name: keyof typeof types) =>
    chunk.toString('latin1', 0, 3) === 'MSG' && chunk.readUInt16LE(26) === types[name]

  it('whose pages never end is looked at up to a bound', async () => {
    const children = Array.from({ length: 150 }, (_, index) => ({ node: `s=V${index}`, value: index }))
    const endless = await startOpcUaMachine({ variables: children })
    onTestFinished(() => endless.stop())
    const link = await openLink(endless, { settings })
    let page: Buffer | undefined
    let pages = 0
    endless.tamper((chunk, client) => {
      if (isAnswer(chunk, 'BrowseResponse')) page ??= chunk.subarray(52)
      const isNext = page && isAnswer(chunk, 'BrowseNextResponse')
      if (isNext) pages += 1
      client.write(isNext && page ? chunkOf('MSGF', bytes(chunk.subarray(8, 52), page)) : chunk)
    })
    const { found, cursor } = await link.browse('nsu=http://bakery.example/oven/;s=Machine', { limit: 500 })
    expect(found).toHaveLength(500)
    expect(cursor).toBe('500')
    expect(pages).toBeLessThan(20)
  })

  it('that holds itself is looked at one step at a time', async () => {
    const objects = [{ node: 's=Loop', name: 'Loop', organizes: ['s=Machine', 's=Loop'] }]
    const loop = await startOpcUaMachine({ objects })
    onTestFinished(() => loop.stop())
    const link = await openLink(loop, { settings })
    let at: string | undefined = 'nsu=http://bakery.example/oven/;s=Machine'
    for (let depth = 0; depth < 6; depth += 1) {
      const { found, cursor } = await link.browse(at)
      expect(cursor).toBeUndefined()
      expect(found.map(({ name }) => name)).toEqual(depth % 2 === 0 ? ['Loop'] : ['Machine', 'Loop'])
      at = found[0]?.at
    }
  })
})

describe('a subscription', () => {
  it.each([
    ['no number', Number.NaN],
    ['0', 0],
    ['-1', -1],
    ['10^300', 1e300],
    ['infinite', Number.POSITIVE_INFINITY],
  ])('with a publishing interval that is %s gives values nevertheless', async (_name, interval) => {
    // CreateSubscriptionResponse (790): behind the id stands the interval.
    machine.tamper((chunk, client) => {
      const copy = Buffer.from(chunk)
      if (copy.toString('latin1', 0, 3) === 'MSG' && copy.readUInt16LE(26) === 790) copy.writeDoubleLE(interval, 56)
      client.write(copy)
    })
    const link = await openLink(machine, { settings: { ...settings, subscribe: true, publishing_interval_ms: 50 } })
    const arrived = await link.subscribe()
    await vi.waitFor(() => expect(outcomeOf(arrived.at(-1) ?? [])).toBe(value), soon)
    expect(outcomeOf(await link.read())).toBe(value)
  })

  it('that tells of points that nobody asked for is heard without them', async () => {
    const link = await openLink(machine, { settings: { ...settings, subscribe: true, publishing_interval_ms: 50 } })
    let told = false
    machine.tamper((chunk, client) => {
      const copy = Buffer.from(chunk)
      const at = copy.indexOf(double)
      // Before the value of a notification stand its handle and two bytes.
      const isTold = at > 52 && copy.readUInt16LE(26) === 829
      if (isTold) copy.writeUInt32LE(4_000_000_000, at - 6)
      client.write(copy)
      told ||= isTold
    })
    const arrived = await link.subscribe()
    await vi.waitFor(() => expect(told).toBe(true), soon)
    expect(outcomeOf(await link.read())).toBe(value)
    expect(arrived).toEqual([])
  })
})
