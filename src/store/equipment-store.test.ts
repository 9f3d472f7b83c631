import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { silentLog } from '#core'
import { createTemporaryDatabase, type TemporaryDatabase } from '../../test/setup/temporary-database.ts'
import { type Database, openDatabase } from './database.ts'
import { createEquipmentStore, type EquipmentStore, type StoredConfiguration } from './equipment-store.ts'
import { migrate } from './migrate.ts'
import { createReadingWriter } from './reading-writer.ts'
import { createRemovalStore } from './removal-store.ts'
import { createSecretBox } from './secret-box.ts'

let temporary: TemporaryDatabase
let database: Database
let store: EquipmentStore

beforeAll(async () => {
  temporary = await createTemporaryDatabase()
  database = openDatabase(temporary.url, silentLog)
  await migrate(database.bulk, join(import.meta.dirname, '../../migrations'), silentLog)
  store = createEquipmentStore(database, createSecretBox([{ id: 'k1', key: Buffer.alloc(32, 'key') }]))
})
afterAll(async () => {
  await database.close()
  await temporary.drop()
})

const configuration: StoredConfiguration = {
  protocol: 'modbus',
  endpoint: '192.0.2.7',
  port: 502,
  credentials: { password: 'of the gateway' },
  config: {},
  linkKey: 'modbus:192.0.2.7:502',
  pollIntervalSeconds: 30,
  derived: {
    supports_realtime: true,
    temperature_zones: 0,
    supports_humidity: false,
    supports_energy_monitoring: false,
    supports_remote_control: false,
  },
}

async function configure(name: string): Promise<{ id: string; neighbours: string[] }> {
  const { id } = await store.create({ name, type: 'other' })
  const neighbours: string[] = []
  await store.configure(id, configuration, (others) => neighbours.push(...others.map(({ row }) => row.name)))
  return { id, neighbours }
}

it('shows the check all on the same link but those whose secret cannot be opened, which hold up nobody', async () => {
  const first = await configure('first')
  expect((await configure('second')).neighbours).toEqual(['first'])
  await database.bulk`update equipment set iot_credentials = set_byte(iot_credentials, 40, 0) where id = ${first.id}`
  expect((await configure('third')).neighbours).toEqual(['second'])
  await expect(store.configuration(first.id)).rejects.toMatchObject({ code: 'SECRET_REQUIRED' })
})

it('opens a secret only while all addresses that it may be sent to are those that it was stored for', async () => {
  const { id } = await store.create({ name: 'cloud', type: 'other' })
  const config = { ...configuration.config, token_url: 'https://login.example/token', note: 'x:y' }
  await store.configure(id, { ...configuration, config }, () => undefined)
  const change = (value: object) =>
    database.bulk`update equipment set iot_config = iot_config || ${database.bulk.json({ ...value })} where id = ${id}`
  await change({ token_url: 'https://login.example/other', note: 'z' })
  expect((await store.configuration(id))?.credentials).toEqual(configuration.credentials)
  await change({ token_url: 'https://evil.example/token' })
  await expect(store.configuration(id)).rejects.toMatchObject({ code: 'SECRET_REQUIRED' })
})

it("deletes a machine at once and its readings of several days afterwards, and nobody else's", async () => {
  const [gone, kept] = await Promise.all([configure('gone'), configure('kept')])
  const times = [0, 1, 30, 50].map((hours) => Date.now() - hours * 3_600_000)
  const reading = { sourceTime: null, values: { temperature: 4 }, zones: null, additional: null, quality: null }
  await createReadingWriter(database.bulk).write(
    [gone.id, kept.id].flatMap((equipmentId) => times.map((readingTime) => ({ equipmentId, readingTime, ...reading }))),
  )
  expect(await store.remove(gone.id)).toBe(true)
  expect(await store.remove(gone.id)).toBe(false)
  const removals = createRemovalStore(database)
  expect(await removals.removeReadings(new AbortController().signal)).toBe(1)
  expect(await removals.removeReadings(new AbortController().signal)).toBe(0)
  const left = await database.bulk`select equipment_id from equipment_sensor_readings`
  expect(left.map((row) => row['equipment_id'])).toEqual(times.map(() => kept.id))
})
