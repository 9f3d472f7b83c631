import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { createCertificateStore, createSecretBox } from '#store'
import { startCloud } from '../../connectors/rational/simulation/start-cloud.ts'
import { startPollingRig } from '../setup/polling-rig.ts'
import { soon } from '../setup/soon.ts'

const client = { client_id: 'example-client', client_secret: 'example-secret' }
const batch = (id: string) => ({ id: 7, name: 'Brezel', finished: true, deviceSerialNumber: `S${id}` })
const holding = (temperature: number, api: object = {}) => ({
  units: ['1', '2'].map((id) => ({
    id,
    serial: `S${id}`,
    values: { 'CombiSteamer/ActualTemperatureChamber_0': temperature },
  })),
  api: { client, batches: [batch('1'), batch('2')], ...api },
})

let rig: Awaited<ReturnType<typeof startPollingRig>>
let cloud: Awaited<ReturnType<typeof startCloud>>
beforeAll(async () => {
  rig = await startPollingRig()
  cloud = await startCloud(holding(180))
  rig.takeAll()
})
afterAll(async () => {
  await rig.stop()
  await cloud.stop()
})

const configure = (unitId: string, credentials: object = {}) =>
  rig.configure('rational', {
    ...cloud.configuration,
    credentials: { username: 'baker', password: 'example-password', ...client, ...credentials },
    additional_config: { ...cloud.configuration.additional_config, unit_id: unitId },
  })
const newestOf = (id: string) => rig.accepted.findLast(({ equipmentId }) => equipmentId === id)

it('polls the units of an account over one session, and again after a restart, whatever becomes of the API', async () => {
  const one = await configure('1')
  const two = await configure('S2', { client_secret: 'wrong' })
  await vi.waitFor(async () => expect(await rig.status(one)).toMatchObject({ code: 'CERTIFICATE_REJECTED' }), soon)
  const certificates = createCertificateStore(rig.database, createSecretBox([{ id: 'k1', key: Buffer.alloc(32) }]))
  for (const { fingerprint } of (await certificates.list({ limit: 10 })).items) await certificates.trust(fingerprint)

  await vi.waitFor(async () => expect(await rig.status(one)).toEqual({ status: 'connected', code: null }), soon)
  await vi.waitFor(async () => expect(await rig.status(two)).toMatchObject({ status: 'degraded' }), soon)
  await vi.waitFor(() => {
    expect(newestOf(one)).toMatchObject({ values: { temperature: 180 }, additional: { haccp_batch: 'Brezel' } })
    expect(newestOf(two)).toMatchObject({ values: { temperature: 180 } })
    expect(newestOf(two)?.quality).toMatchObject({ 'additional.haccp_batch': 'CREDENTIALS_REJECTED' })
  }, soon)
  expect(cloud.server.sessions()).toBe(1)

  cloud.load(holding(190, { misbehaviour: 'closing' }))
  await cloud.restartServer()
  for (const id of [one, two]) {
    await vi.waitFor(() => expect(newestOf(id)?.values.temperature).toBe(190), soon)
  }
  expect(cloud.server.sessions()).toBe(1)
})
