import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { loadRegistry } from '#connector'
import { partsKit } from '#protocol/parts'
import { type ServiceProcess, startServiceProcess } from '../setup/service-process.ts'
import { soon } from '../setup/soon.ts'
import { createTemporaryDatabase, type TemporaryDatabase } from '../setup/temporary-database.ts'

const machines = 12
const encryptionKeys = `k1:${crypto.getRandomValues(Buffer.alloc(32)).toString('base64')}`

let temporary: TemporaryDatabase
let directory: string
let demo: Demo
beforeAll(async () => {
  temporary = await createTemporaryDatabase()
  directory = mkdtempSync(join(tmpdir(), 'bakewire-demo-'))
  demo = await startDemo()
})
afterAll(async () => {
  await demo.service.kill('SIGTERM')
  await temporary.drop()
  rmSync(directory, { recursive: true, force: true })
})

interface Demo {
  readonly service: ServiceProcess
  /** What it says when it is up. */
  readonly said: string
  call(method: 'GET' | 'POST', path: string, body?: object): Promise<unknown>
}

async function startDemo(): Promise<Demo> {
  let said = ''
  const settings = {
    DATABASE_URL: temporary.url,
    DATA_DIR: directory,
    ENCRYPTION_KEYS: encryptionKeys,
  }
  const onOutput = (text: string) => {
    said += text
  }
  const service = await startServiceProcess(settings, onOutput, ['demo'])
  await vi.waitFor(() => expect(said).toContain('Within two minutes'), soon)
  const key = /Admin key: +(\S+)/.exec(said)?.[1]
  const call = async (method: 'GET' | 'POST', path: string, body?: object): Promise<unknown> => {
    const answer = await fetch(`${service.origin}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    return answer.json()
  }
  return { service, said, call }
}

const equipmentPage = z.object({
  items: z.array(
    z.object({
      name: z.string(),
      site: z.string().nullable(),
      iot_protocol: z.string().nullable(),
      iot_connection_status: z.string(),
    }),
  ),
})
const equipment = async () => equipmentPage.parse(await demo.call('GET', '/equipment?limit=500')).items
const ofTheDemo = async () => (await equipment()).filter(({ site }) => site === 'Demo bakery')

/** All but the one that is switched off for most of its day. */
async function everythingIsConnected(): Promise<void> {
  await vi.waitFor(async () => {
    const others = (await ofTheDemo()).filter(({ name }) => name !== 'Old rack oven')
    expect(others.map(({ name, iot_connection_status: status }) => `${name}: ${status}`)).toEqual(
      others.map(({ name }) => `${name}: connected`),
    )
  }, soon)
}

async function trustedCertificates(): Promise<string[]> {
  const page = z.object({ items: z.array(z.object({ fingerprint: z.string(), trusted: z.literal(true) })) })
  const { items } = page.parse(await demo.call('GET', '/opc-ua/certificates'))
  return items.map(({ fingerprint }) => fingerprint)
}

it('shows machines of every connector, all of them connected', async () => {
  expect(demo.said).toContain(`with ${machines} simulated machines`)
  const entered = await ofTheDemo()
  expect(entered).toHaveLength(machines)
  await everythingIsConnected()
  const registry = await loadRegistry([join(import.meta.dirname, '../../connectors')], partsKit)
  const used = (await ofTheDemo()).map(({ iot_protocol: protocol }) => registry.resolve(protocol ?? '').connector.id)
  expect(new Set(used)).toEqual(new Set(registry.connectors.map(({ id }) => id)))
})

it('finds its machines again at the next start, and leaves those of others alone', async () => {
  await demo.call('POST', '/equipment', { name: 'Deck oven', type: 'deck_oven' })
  await everythingIsConnected()
  const trusted = await trustedCertificates()
  const shown = await demo.call('GET', '/opc-ua/own-certificate')
  expect(shown).toMatchObject({
    subject: 'CN=Bakewire',
    certificate: expect.stringMatching(/^-----BEGIN CERTIFICATE-----/),
  })
  await demo.service.kill('SIGTERM')
  demo = await startDemo()
  expect(demo.said).toContain(`with ${machines} simulated machines`)
  await everythingIsConnected()
  expect(await ofTheDemo()).toHaveLength(machines)
  const [own, ...more] = (await equipment()).filter(({ site }) => site === null)
  expect([own?.name, own?.iot_protocol, more]).toEqual(['Deck oven', null, []])
  expect(await trustedCertificates()).toEqual(trusted)
  expect(await demo.call('GET', '/opc-ua/own-certificate')).toEqual(shown)
})
