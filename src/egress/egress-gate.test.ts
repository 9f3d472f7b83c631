import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { silentLog } from '#core'
import { createEgressGate } from './egress-gate.ts'
import { answers, faultOf, freePort, never, openGate, startListener } from './gate-fixture.ts'

let listener: Awaited<ReturnType<typeof startListener>>
let port: number

beforeAll(async () => {
  listener = await startListener()
  port = listener.port
})
afterAll(() => listener.stop())

describe('dial', () => {
  it('gives a connected socket', async () => {
    const socket = await openGate().dial({ host: '127.0.0.1', port, signal: never })
    expect(socket.remoteAddress).toBe('127.0.0.1')
    await listener.untilAccepted(1)
    socket.destroy()
    await listener.untilAccepted(0)
  })

  it('says when the address is checked, before it is dialled', async () => {
    const told: string[] = []
    const free = await freePort()
    const dialling = openGate().dial({
      host: '127.0.0.1',
      port: free,
      signal: never,
      checked: () => told.push('checked'),
    })
    await expect(dialling).rejects.toMatchObject({ code: 'UNREACHABLE' })
    expect(told).toEqual(['checked'])
  })

  it('says which address refuses connections', async () => {
    const free = await freePort()
    expect(await faultOf(openGate().dial({ host: '127.0.0.1', port: free, signal: never }))).toBe(
      `UNREACHABLE: 127.0.0.1:${free} refuses connections`,
    )
  })

  it('tries the next address of a name when one fails', async () => {
    const lookup = answers(['127.0.0.2', '127.0.0.1'])
    const socket = await openGate({ lookup }).dial({ host: 'oven.test', port, signal: never })
    expect(socket.remoteAddress).toBe('127.0.0.1')
    socket.destroy()
    await listener.untilAccepted(0)
  })

  it('tells the last failure when all addresses fail', async () => {
    const lookup = answers(['127.0.0.2', '127.0.0.3'])
    expect(await faultOf(openGate({ lookup }).dial({ host: 'oven.test', port, signal: never }))).toBe(
      `UNREACHABLE: 127.0.0.3:${port} refuses connections`,
    )
  })
})

describe('names', () => {
  it('checks again at every dial: a name that turns to a denied address is refused', async () => {
    const rebinding = openGate({ lookup: answers(['127.0.0.1'], ['169.254.169.254']) })
    const socket = await rebinding.dial({ host: 'oven.test', port, signal: never })
    socket.destroy()
    const second = await faultOf(rebinding.dial({ host: 'oven.test', port, signal: never }))
    expect(second).toMatch(/^ADDRESS_REFUSED: oven.test leads to an address that is refused: 169.254.169.254:/)
    await listener.untilAccepted(0)
  })

  it.each([
    [['127.0.0.1', '169.254.169.254']],
    [['169.254.169.254', '127.0.0.1']],
    [
      [
        '127.0.0.1',
        '127.0.0.1',
        '127.0.0.1',
        '127.0.0.1',
        '127.0.0.1',
        '127.0.0.1',
        '127.0.0.1',
        '127.0.0.1',
        '8.8.8.8',
      ],
    ],
    [['127.0.0.1', '::ffff:100.100.100.200']],
    [['127.0.0.1', 'fe80::1%lo']],
  ])('refuses a name when one of its addresses is denied: %s', async (addresses) => {
    const dialling = openGate({ lookup: answers(addresses) }).dial({ host: 'oven.test', port, signal: never })
    await expect(dialling).rejects.toMatchObject({ code: 'ADDRESS_REFUSED' })
    expect(listener.accepted()).toBe(0)
  })

  it.each([
    ['the name server fails', async () => Promise.reject(Object.assign(new Error('x'), { code: 'EAI_AGAIN' }))],
    ['no such name is known', async () => Promise.reject(Object.assign(new Error('x'), { code: 'ENOTFOUND' }))],
    ['the name has no address', async () => []],
  ])('is closed when %s', async (_case, lookup) => {
    const dialling = openGate({ lookup }).dial({ host: 'oven.test', port, signal: never })
    await expect(dialling).rejects.toMatchObject({ code: 'ADDRESS_UNRESOLVED' })
  })

  it('asks once for dials of one name that are under way together, anew for later ones', async () => {
    let asked = 0
    const lookup = async () => {
      asked += 1
      await new Promise((resolve) => setImmediate(resolve))
      return ['127.0.0.1']
    }
    const shared = openGate({ lookup })
    await Promise.all([1, 2, 3].map(() => shared.check('oven.test', port)))
    expect(asked).toBe(1)
    await shared.check('oven.test', port)
    expect(asked).toBe(2)
  })
})

describe('spellings of denied addresses', () => {
  it.each([
    '127.0.0.1',
    '127.1',
    '127.0.1',
    '127.000.000.001',
    '127.0.0.1.',
    '0177.0.0.1',
    '0x7f.0.0.1',
    '0x7f000001',
    '0x7F.1',
    '017700000001',
    '2130706433',
    '127。0。0。1',
    '127．0．0．1',
    '①②⑦.0.0.1',
    '127.0.0.1%20',
    '127.0.0.1%00',
    '127.0.0.1\u0000',
    '127.0.0.1 ',
    ' 127.0.0.1',
    '127.0.0.1:80',
    '127.0.0.1/8',
    'user@127.0.0.1',
    'http://127.0.0.1',
    '//127.0.0.1',
    '0',
    '0.0.0.0',
    '0x0',
    '::',
    '::1',
    '0:0:0:0:0:0:0:1',
    '::0001',
    '[::1]',
    '::1%lo',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '0:0:0:0:0:ffff:7f00:0001',
    '::127.0.0.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    'localhost',
    'localhost.',
    'LOCALHOST',
    '169.254.169.254',
    '169.254.43518',
    '0xa9fea9fe',
    '0251.0376.0251.0376',
    '2852039166',
    '::ffff:a9fe:a9fe',
    '',
    '.',
    'a'.repeat(300),
  ])('"%s"', async (host) => {
    const plain = createEgressGate({ allow: [], denied: [], log: silentLog })
    const code = await faultOf(plain.dial({ host, port, signal: never }))
    expect(code).toMatch(/^ADDRESS_(REFUSED|UNRESOLVED): /)
    expect(listener.accepted()).toBe(0)
  })
})

describe('own services', () => {
  it('are refused by name and on every address of this computer', async () => {
    const lookup = async (host: string) => (host === 'db' ? ['10.0.9.9'] : ['127.0.0.2'])
    const guarded = openGate({
      lookup,
      denied: [
        { host: 'db', port: 15_432 },
        { host: '0.0.0.0', port },
      ],
    })
    expect(await faultOf(guarded.check('10.0.9.9', 15_432))).toContain("Bakewire's own database, queue or API")
    expect(await guarded.check('10.0.9.8', 15_432)).toBe('10.0.9.8')
    expect(await faultOf(guarded.check('oven.test', port))).toContain("Bakewire's own database, queue or API")
  })

  it('are not guessed: when their name cannot be resolved, their port is closed', async () => {
    const guarded = openGate({ lookup: async () => [], denied: [{ host: 'db', port: 15_432 }] })
    expect(await faultOf(guarded.check('10.0.9.9', 15_432))).toMatch(/^ADDRESS_UNRESOLVED/)
    expect(await guarded.check('10.0.9.9', 502)).toBe('10.0.9.9')
  })
})

it('tells the log what was refused', async () => {
  const told: object[] = []
  const log = { ...silentLog, debug: (fields: object) => told.push(fields) }
  await faultOf(openGate({ log }).check('8.8.8.8', 502))
  expect(told).toEqual([{ host: '8.8.8.8', port: 502, address: '8.8.8.8' }])
})
