import { afterEach, describe, expect, it, vi } from 'vitest'
import { kit, parseTarget } from '#connector'
import { startOpcUaMachine } from '#protocol/opc-ua'
import { makeCertificate } from '#protocol/tls'
import { makeOwnCertificate } from '../../src/protocol/opc-ua/make-own-certificate.ts'
import { createPassingTrust } from '../../test/setup/passing-trust.ts'
import { soon } from '../../test/setup/soon.ts'
import define from './index.ts'
import { faultOf, holding, openLink, outcomeOf } from './link-fixture.ts'

const user = await makeOwnCertificate()
const other = await makeOwnCertificate()
const connector = define(kit)
const targetOf = (credentials: object) =>
  parseTarget(connector, 'machine-1', { endpoint: 'oven', credentials, additional_config: {} })

describe('a user certificate', () => {
  let machine: Awaited<ReturnType<typeof startOpcUaMachine>>
  afterEach(() => machine.stop())

  it.each(['None', 'Sign', 'SignAndEncrypt'])('logs in (%s)', async (security_mode) => {
    machine = await startOpcUaMachine(holding(1, { anonymous: false }))
    const link = await openLink(machine, { credentials: user, settings: { security_mode } })
    expect(outcomeOf(await link.read())).toBe(1)
    expect(machine.sessions()).toBe(1)
  })

  it('that the server does not trust is refused, and leaves no session', async () => {
    machine = await startOpcUaMachine(holding(1, { trusts_clients: false }))
    const opening = openLink(machine, { credentials: user, settings: { security_mode: 'None' } })
    expect(await faultOf(opening)).toMatchObject({ code: 'CREDENTIALS_REJECTED' })
    await vi.waitFor(() => expect([machine.connections(), machine.sessions()]).toEqual([0, 0]), soon)
  })

  it('is shown to no server that is not trusted', async () => {
    machine = await startOpcUaMachine(holding(1))
    const trust = { ...createPassingTrust(), check: () => Promise.reject(new Error('not trusted')) }
    const opening = openLink(machine, { credentials: user, trust, settings: { security_mode: 'None' } })
    expect(await faultOf(opening)).toMatchObject({ message: 'not trusted' })
  })
})

describe('a configuration with a user certificate', () => {
  const elliptic = makeCertificate({ name: 'user' })
  it.each([
    ['without its key', { certificate: user.certificate }, 'credentials.key'],
    ['without the certificate', { key: user.key }, 'credentials.key'],
    ['with the key of another', { certificate: user.certificate, key: other.key }, 'credentials.key'],
    ['that is none', { certificate: 'MIIB', key: user.key }, 'credentials.certificate'],
    ['beside a user name', { ...user, username: 'anna' }, 'credentials.certificate'],
    ['that has no RSA key', { certificate: elliptic.cert, key: elliptic.key }, 'credentials.key'],
  ])('%s is refused, and tells nothing of it', (_name, credentials, path) => {
    const refusal = expect.objectContaining({ errors: [expect.objectContaining({ path })] })
    expect(() => targetOf(credentials)).toThrow(refusal)
    expect(() => targetOf(credentials)).not.toThrow('BEGIN')
  })

  it('has a link of its own, which does not show it', () => {
    const [one, two] = [user, other].map((credentials) => connector.linkKey(targetOf(credentials)))
    expect(one).not.toBe(two)
    expect(one).not.toContain('BEGIN')
  })
})
