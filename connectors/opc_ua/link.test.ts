import { createHash, X509Certificate } from 'node:crypto'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { openOpcUaClient, startOpcUaMachine } from '#protocol/opc-ua'
import { type MadeCertificate, makeCertificate } from '#protocol/tls'
import { plainDial } from '../../test/contract/plain-dial.ts'
import { certificateFolder } from '../../test/setup/certificate-folder.ts'
import { createPassingTrust } from '../../test/setup/passing-trust.ts'
import { soon } from '../../test/setup/soon.ts'
import { faultOf, holding, openLink, outcomeOf } from './link-fixture.ts'

let machine: Awaited<ReturnType<typeof startOpcUaMachine>>
afterEach(() => machine.stop())

/** A client without a connector, for what no setting says. */
async function openClient(more: { keepAliveMs?: number; tokenLifetimeMs?: number }) {
  const lost: Error[] = []
  const { dial, openSockets } = plainDial()
  const client = await openOpcUaClient({
    dial,
    trust: createPassingTrust(),
    signal: new AbortController().signal,
    reached: () => undefined,
    lost: (error) => lost.push(error),
    host: '127.0.0.1',
    port: machine.port,
    endpointUrl: `opc.tcp://127.0.0.1:${machine.port}`,
    security: { mode: 'SignAndEncrypt', policy: 'best' },
    user: undefined,
    allowPlainPassword: false,
    timeoutMs: 5_000,
    ...more,
  })
  return { client, lost, openSockets }
}

const open = (options?: Parameters<typeof openLink>[1]) => openLink(machine, options)

const fingerprintOf = ({ cert }: MadeCertificate) =>
  new X509Certificate(cert).fingerprint256.replaceAll(':', '').toLowerCase()

describe('trust', () => {
  const recording = () => {
    const seen: string[] = []
    const passing = createPassingTrust()
    const check = async (certificate: Uint8Array) =>
      void seen.push(createHash('sha256').update(certificate).digest('hex'))
    return { seen, trust: { ...passing, check } }
  }

  it('is asked before anything is told, and its refusal ends the opening without a connection or session', async () => {
    machine = await startOpcUaMachine(holding(1, { users: { anna: 'secret' } }))
    const { seen, trust } = recording()
    await (await open({ trust, credentials: { username: 'anna', password: 'secret' } })).close()
    const distrust = createPassingTrust(new Set(seen))
    expect(await faultOf(open({ trust: distrust }))).toMatchObject({ code: 'CERTIFICATE_REJECTED' })
    await vi.waitFor(() => expect([machine.connections(), machine.sessions()]).toEqual([0, 0]), soon)
  })

  it.each(['Sign', 'SignAndEncrypt', 'None'])(
    'of a server that shows a chain is asked for its own certificate, whatever authority has signed it (%s)',
    async (security_mode) => {
      const authority = makeCertificate({ name: 'Bakery authority' })
      const own = makeCertificate({ name: 'oven', hosts: ['127.0.0.1'], issuer: authority, keyType: 'rsa' })
      const users = { anna: 'secret' }
      machine = await startOpcUaMachine(holding(7, { users, certificates_in: certificateFolder(own, authority) }))
      const { seen, trust } = recording()
      const login = { settings: { security_mode }, credentials: { username: 'anna', password: 'secret' } }
      const link = await open({ trust, ...login })
      expect(outcomeOf(await link.read())).toBe(7)
      expect(seen).toEqual([fingerprintOf(own)])
      const distrust = createPassingTrust(new Set([fingerprintOf(own)]))
      expect(await faultOf(open({ trust: distrust, ...login }))).toMatchObject({ code: 'CERTIFICATE_REJECTED' })
    },
  )

  it('is asked again for the certificate that comes after a restart', async () => {
    machine = await startOpcUaMachine(holding(1))
    const { seen, trust } = recording()
    await (await open({ trust })).close()
    await machine.restart(holding(1), 'other')
    await (await open({ trust })).close()
    expect(seen).toHaveLength(2)
    expect(seen[0]).not.toBe(seen[1])
  })

  it('is asked without security, too, before a password is encrypted for a certificate', async () => {
    machine = await startOpcUaMachine(holding(1, { users: { anna: 'secret' } }))
    const { seen, trust } = recording()
    const settings = { security_mode: 'None' }
    await open({ trust, settings })
    expect(seen).toEqual([])
    await open({ trust, settings, credentials: { username: 'anna', password: 'secret' } })
    expect(seen).toHaveLength(1)
  })

  it('is asked without security of a server that shows its certificate only to who shows one', async () => {
    machine = await startOpcUaMachine(holding(7, { users: { anna: 'secret' }, shows_unasked: false }))
    const { seen, trust } = recording()
    const settings = { security_mode: 'None' }
    const link = await open({ trust, settings, credentials: { username: 'anna', password: 'secret' } })
    expect(outcomeOf(await link.read())).toBe(7)
    expect(seen).toHaveLength(1)
  })
})

it('dials the configured address alone, whatever the server calls itself', async () => {
  machine = await startOpcUaMachine(holding(1))
  const elsewhere = 'opc.tcp://127.0.0.1:9'
  let renamed = 0
  machine.rewrite(({ endpoints, serverEndpoints }) => {
    for (const endpoint of [...(endpoints ?? []), ...(serverEndpoints ?? [])]) {
      Object.defineProperty(endpoint, 'endpointUrl', { value: elsewhere, configurable: true })
      endpoint.server.discoveryUrls = [elsewhere]
      renamed += 1
    }
  })
  const link = await open()
  expect(outcomeOf(await link.read())).toBe(1)
  expect(renamed).toBeGreaterThan(1)
  expect(new Set(link.dialled)).toEqual(new Set([`127.0.0.1:${machine.port}`]))
})

describe('sessions', () => {
  it('are one for a link, and end with it', async () => {
    machine = await startOpcUaMachine(holding(1))
    const link = await open()
    expect(link.stages).toEqual(['trusted', 'secure', 'login'])
    for (let round = 0; round < 5; round += 1) await link.read()
    expect(machine.sessions()).toBe(1)
    await link.close()
    await link.close()
    await vi.waitFor(() => expect([machine.sessions(), machine.connections()]).toEqual([0, 0]), soon)
    expect(link.openSockets()).toBe(0)
    // The machine's side of the end has come by then, too.
    await machine.stop()
    expect(link.lost).toEqual([])
  })

  it('that the server has closed are a lost link for who reads, and nothing more is told when it is closed', async () => {
    machine = await startOpcUaMachine(holding(1))
    const link = await open()
    await machine.closeSessions()
    expect(await faultOf(link.read())).toMatchObject({ code: 'LINK_LOST', remedy: 'retry' })
    await link.close()
    await vi.waitFor(() => expect(machine.connections()).toBe(0), soon)
    expect(link.lost).toEqual([])
  })

  it('are lost with the server, and values flow again from the next one with one session', async () => {
    machine = await startOpcUaMachine(holding(1))
    const link = await open()
    await machine.restart(holding(2))
    await vi.waitFor(() => expect(link.lost).toMatchObject([{ code: 'LINK_LOST' }]), soon)
    expect(await faultOf(link.read())).toMatchObject({ code: 'LINK_LOST' })
    const next = await open()
    expect(outcomeOf(await next.read())).toBe(2)
    expect(machine.sessions()).toBe(1)
  })

  it('are kept alive while nobody reads, and missed when they are gone', async () => {
    machine = await startOpcUaMachine(holding(1))
    const { client, lost, openSockets } = await openClient({ keepAliveMs: 20 })
    machine.closeSessions()
    await vi.waitFor(() => expect(lost).toMatchObject([{ code: 'LINK_LOST' }]), soon)
    await vi.waitFor(() => expect(openSockets()).toBe(0), soon)
    await client.close()
    expect(lost).toHaveLength(1)
  })

  it('outlive the keys of their messages', async () => {
    machine = await startOpcUaMachine(holding(7))
    let renewals = -1
    machine.tamper((chunk, client) => {
      if (chunk.toString('latin1', 0, 3) === 'OPN') renewals += 1
      client.write(chunk)
    })
    const { client, lost } = await openClient({ tokenLifetimeMs: 200 })
    const node = client.nodeId({ namespace: 'http://bakery.example/oven/', kind: 's', identifier: 'T' })
    if (!node) throw new Error('the server has no such namespace')
    const limits = { signal: new AbortController().signal, timeoutMs: 5_000 }
    const before = renewals
    while (renewals < before + 3) {
      expect(await client.read([{ nodeId: node }], limits)).toMatchObject([{ value: { value: 7 } }])
    }
    expect(lost).toEqual([])
    await client.close()
  })

  it('of a wrong password are none', async () => {
    machine = await startOpcUaMachine(holding(1, { users: { anna: 'secret' } }))
    const credentials = { username: 'anna', password: 'wrong-password' }
    const fault = await faultOf(open({ credentials }))
    expect(fault).toMatchObject({ code: 'CREDENTIALS_REJECTED' })
    expect(JSON.stringify(fault) + fault?.stack).not.toContain('wrong-password')
    await vi.waitFor(() => expect([machine.connections(), machine.sessions()]).toEqual([0, 0]), soon)
  })
})

describe('kitchen devices', () => {
  const known = { path: ['Oven', 'SetTemperature'], type: 'Float', value: 185 }
  const others = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ path: ['Oven', `Other${index}`], type: 'Int32', value: 0 }))
  const settings = { points: [], security_mode: 'None' }

  it.each([
    ['behind some pages', [...others(250), known]],
    ['before more than is looked at', [known, ...others(600)]],
  ])('are read when what is known stands %s', async (_name, variables) => {
    machine = await startOpcUaMachine({ devices: [{ name: 'Oven', variables }] })
    const link = await open({ settings })
    expect(await link.read()).toMatchObject([{ metric: 'target_temperature', value: 185 }])
  })

  it('are looked up again when they are gone, with what they have then', async () => {
    machine = await startOpcUaMachine({ devices: [{ name: 'Oven', variables: [known] }] })
    const link = await open({ settings })
    await link.read()
    machine.load({ devices: [] })
    expect(outcomeOf(await link.read())).toBe('POINT_REFUSED')
    expect(await faultOf(link.read())).toMatchObject({ code: 'VALUE_INVALID' })
    const door = { path: ['Oven', 'IsDoorOpen'], type: 'Boolean', value: true }
    machine.load({ devices: [{ name: 'Oven', variables: [door] }] })
    expect(await link.read()).toMatchObject([{ metric: 'door_status', value: 'open' }])
  })
})

it('asks for English', async () => {
  machine = await startOpcUaMachine(holding(1))
  await open()
  expect(machine.locales()).toEqual([['en']])
})

describe('nodes', () => {
  it.each([1, 2, 5])('are read of a server that lets %i be read at once', async (nodes) => {
    machine = await startOpcUaMachine(holding(1, { nodes_per_read: nodes }))
    const link = await open({ settings: { security_mode: 'None' } })
    expect(outcomeOf(await link.read())).toBe(1)
  })

  it('are found by the URI of their namespace, wherever a restart moves its index', async () => {
    machine = await startOpcUaMachine(holding(1))
    expect(outcomeOf(await (await open()).read())).toBe(1)
    await machine.restart(holding(2, { other_namespaces: ['http://a.example/', 'http://b.example/'] }))
    expect(outcomeOf(await (await open()).read())).toBe(2)
  })

  it('that come and go are faults while they are away', async () => {
    machine = await startOpcUaMachine(holding(1))
    const link = await open()
    await link.read()
    machine.load({ variables: [] })
    expect(outcomeOf(await link.read())).toBe('POINT_REFUSED')
    machine.load(holding(3))
    expect(outcomeOf(await link.read())).toBe(3)
  })

  it('may change their type while they are read', async () => {
    machine = await startOpcUaMachine(holding(1))
    const link = await open()
    for (const [type, value, expected] of [
      ['Int32', 7, 7],
      ['String', 'off', 'off'],
      ['Boolean', true, true],
      ['Double', [1, 2], 'VALUE_INVALID'],
      ['Double', 1.5, 1.5],
    ] as const) {
      machine.load({ variables: [{ node: 's=T', type, value }] })
      expect(outcomeOf(await link.read())).toBe(expected)
    }
  })
})
