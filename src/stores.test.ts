import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { silentLog } from '#core'
import type { KeyRing } from '#store'
import { createTemporaryDatabase, type TemporaryDatabase } from '../test/setup/temporary-database.ts'
import { SettingsError } from './settings.ts'
import { openStores } from './stores.ts'

let database: TemporaryDatabase
beforeAll(async () => {
  database = await createTemporaryDatabase()
})
afterAll(() => database.drop())

const keyOf = (id: string, seed: string) => ({ id, key: Buffer.alloc(32, seed) })
const first = keyOf('k1', 'the first')
const second = keyOf('k2', 'the second')

const open = (keys: KeyRing) =>
  openStores({
    databaseUrl: database.url,
    keys,
    migrations: join(import.meta.dirname, '../migrations'),
    log: silentLog,
    ringForNotifications: () => undefined,
  })

it('opens with the keys that secrets were sealed with and with no others, and touches no secret meanwhile', async () => {
  const configuration = {
    protocol: 'rest',
    endpoint: 'http://192.0.2.7',
    port: 80,
    credentials: { token: 'canary' },
    config: {},
    linkKey: 'rest:192.0.2.7',
    pollIntervalSeconds: 30,
    derived: {
      supports_realtime: true,
      temperature_zones: 0,
      supports_humidity: false,
      supports_energy_monitoring: false,
      supports_remote_control: false,
    },
  }
  const made = await open([first])
  const { id } = await made.equipment.create({ name: 'Oven', type: 'other' })
  await made.equipment.configure(id, configuration, () => undefined)
  const sealed = ({ database }: typeof made) => database.bulk`
    select iot_credentials, (select jsonb_agg(i order by key) from installation i) as own from equipment`
  const before = [...(await sealed(made))]
  await made.database.close()

  for (const keys of [[second], [keyOf('k1', 'another')]]) {
    const refused = open(keys)
    await expect(refused).rejects.toThrow(SettingsError)
    await expect(refused).rejects.toThrow(/ENCRYPTION_KEYS.*not the keys/)
  }

  const again = await open([second, first])
  expect([...(await sealed(again))]).toEqual(before)
  expect(await again.equipment.configuration(id)).toMatchObject({ credentials: { token: 'canary' } })
  await again.database.close()
})
