import { X509Certificate } from 'node:crypto'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { startOpcUaMachine } from '#protocol/opc-ua'
import { makeCertificate } from '#protocol/tls'
import { simulator } from '../../connectors/opc_ua/simulator.ts'
import { certificateFolder } from '../setup/certificate-folder.ts'
import { expectProblem } from './expect-problem.ts'
import { type HttpRig, startHttpRig } from './http-rig.ts'

let rig: HttpRig
let machine: Awaited<ReturnType<typeof simulator.start>>
beforeAll(async () => {
  rig = await startHttpRig({ worker: 'holds every shard' })
  machine = await simulator.start(simulator.example.equipment)
})
afterAll(async () => {
  await machine.stop()
  await rig.stop()
})

const dayMs = 86_400_000
const url = '/api/v1/opc-ua/certificates'
const configuration = () => ({ protocol: 'opc_ua', ...machine.configuration, ...simulator.example.configuration })

async function test(id: string) {
  const { body } = await rig.call('POST', `/api/v1/equipment/${id}/test-connection`, { body: configuration() })
  return body
}

it('a server is refused until its certificate is trusted, and again when it is forgotten', async () => {
  const id = await rig.machine()
  const refused = await test(id)
  expect(refused).toMatchObject({
    success: false,
    error_details: { code: 'CERTIFICATE_REJECTED', remedy: 'fix-config' },
  })
  expect(refused.steps.find((step: { ok: boolean }) => !step.ok)).toMatchObject({ step: 'trusted' })

  const { body: list } = await rig.call('GET', url)
  expect(list.items).toMatchObject([
    { trusted: false, trusted_at: null, seen_from: `127.0.0.1:${machine.configuration.port}` },
  ])
  const { fingerprint } = list.items[0]
  expect(refused.error_details.message).toContain(`${url}/${fingerprint}/trust`)

  const trusted = await rig.call('POST', `${url}/${fingerprint.toUpperCase()}/trust`, { body: {} })
  expect(trusted.body).toMatchObject({ fingerprint, trusted: true })
  const passed = await test(id)
  expect(passed).toMatchObject({ success: true, reading: { temperature: 182.5, operational_status: 'running' } })
  const stages = passed.steps.map(({ step }: { step: string }) => step)
  expect(stages).toEqual(['address', 'reachable', 'slot', 'trusted', 'secure', 'login', 'read', 'plausible'])

  expect((await rig.call('DELETE', `${url}/${fingerprint}`)).status).toBe(204)
  expect((await test(id)).error_details).toMatchObject({ code: 'CERTIFICATE_REJECTED' })
  const { body: log } = await rig.call('GET', '/api/v1/audit-log?limit=500')
  const actions = log.items.map(({ action, subject_id }: Record<string, string>) => `${action} ${subject_id}`)
  expect(actions).toEqual(
    expect.arrayContaining([
      `opc_ua_certificate.trusted ${fingerprint}`,
      `opc_ua_certificate.forgotten ${fingerprint}`,
    ]),
  )
})

it.each<[string, object, string]>([
  ['has expired', { validUntil: Date.now() - dayMs }, 'has expired on'],
  ['is not valid yet', { validFrom: Date.now() + 5 * dayMs }, 'is valid from'],
])(
  'a certificate that %s is refused, trusted or not, until the machine has another one',
  async (_what, validity, words) => {
    const showing = (more: object) => {
      const own = makeCertificate({ name: 'oven', hosts: ['127.0.0.1'], keyType: 'rsa', ...more })
      const fingerprint = new X509Certificate(own.cert).fingerprint256.replaceAll(':', '').toLowerCase()
      return {
        fingerprint,
        equipment: Object.assign({ certificates_in: certificateFolder(own) }, simulator.example.equipment),
      }
    }
    const outdated = showing(validity)
    const oven = await startOpcUaMachine(outdated.equipment)
    onTestFinished(() => oven.stop())
    const id = await rig.machine()
    const body = { ...configuration(), endpoint: '127.0.0.1', port: oven.port }
    const tried = async () => (await rig.call('POST', `/api/v1/equipment/${id}/test-connection`, { body })).body
    const trust = (fingerprint: string) => rig.call('POST', `${url}/${fingerprint}/trust`, { body: {} })
    const expectOutdated = async () => {
      const { success, steps, error_details: told } = await tried()
      expect(success).toBe(false)
      expect(told).toMatchObject({ code: 'CERTIFICATE_REJECTED', remedy: 'fix-config' })
      expect(told.message).toContain(`127.0.0.1:${oven.port} ${words}`)
      // Trusting it would not help.
      expect(told.message).not.toContain('/trust')
      expect(steps.find(({ ok }: { ok: boolean }) => !ok)).toMatchObject({ step: 'trusted', detail: told.message })
      expect(oven.sessions()).toBe(0)
    }

    await expectOutdated()
    expect((await trust(outdated.fingerprint)).body).toMatchObject({ trusted: true })
    await expectOutdated()

    const renewed = showing({})
    await oven.restart(renewed.equipment)
    expect((await tried()).error_details.message).toContain(`${url}/${renewed.fingerprint}/trust`)
    expect((await trust(renewed.fingerprint)).body).toMatchObject({ trusted: true })
    expect(await tried()).toMatchObject({ success: true, reading: { temperature: 182.5 } })
  },
)

it('an address that may not be dialled is not', async () => {
  const body = { ...configuration(), endpoint: 'opc.tcp://169.254.169.254:4840', port: 4840 }
  const answer = await rig.call('POST', `/api/v1/equipment/${await rig.machine()}/test-connection`, { body })
  expect(answer.body.error_details).toMatchObject({ code: 'ADDRESS_REFUSED' })
})

it('an unknown fingerprint and what cannot be one are the same 404', async () => {
  for (const fingerprint of ['f'.repeat(64), 'f'.repeat(63), 'nonsense']) {
    expectProblem(await rig.call('POST', `${url}/${fingerprint}/trust`, { body: {} }), 'NOT_FOUND')
    expectProblem(await rig.call('DELETE', `${url}/${fingerprint}`), 'NOT_FOUND')
  }
})

it('the certificate of the installation is told with what servers show of it, and without its key', async () => {
  const { status, body } = await rig.call('GET', '/api/v1/opc-ua/own-certificate')
  expect(status).toBe(200)
  const { fingerprint256, fingerprint } = new X509Certificate(body.certificate)
  const bare = (text: string) => text.replaceAll(':', '').toLowerCase()
  expect(body).toMatchObject({
    fingerprint: bare(fingerprint256),
    thumbprint: bare(fingerprint),
    subject: 'CN=Bakewire',
  })
  expect(body.certificate).not.toContain('KEY')
})

it('a key that may only read lists certificates and trusts none', async () => {
  const { body } = await rig.call('POST', '/api/v1/api-keys', { body: { name: 'Reader', access: 'write' } })
  expect((await rig.call('GET', url, { key: body.key })).status).toBe(200)
  const tried = await rig.call('POST', `${url}/${'f'.repeat(64)}/trust`, { key: body.key, body: {} })
  expectProblem(tried, 'FORBIDDEN')
})
