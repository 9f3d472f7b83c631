import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createReadingWriter } from '#store'
import { createKiln, type Kiln } from '../setup/kiln.ts'
import { startPollingRig } from '../setup/polling-rig.ts'
import { soon } from '../setup/soon.ts'

let kiln: Kiln
let rig: Awaited<ReturnType<typeof startPollingRig>>
beforeEach(async () => {
  kiln = createKiln()
  rig = await startPollingRig({ connectors: [kiln.connector] })
})
afterEach(() => rig.stop())

const minutes = 60_000
const configuration = {
  endpoint: 'kiln.example',
  port: 7,
  additional_config: { points: [{ metric: 'temperature', key: 'set', unit: '[degF]' }] },
}

it('fills in what the machine kept while no worker was there, beside the rows that are', async () => {
  const now = Date.now()
  const id = await rig.configure('kiln', configuration)
  const stored = { equipmentId: id, sourceTime: null, zones: null, additional: null, quality: null }
  const values = { temperature: 20 }
  await createReadingWriter(rig.database.bulk).write([{ ...stored, readingTime: now - 60 * minutes, values }])
  for (const ago of [70, 60, 40, 20]) kiln.kept.set(now - ago * minutes, 212)
  rig.takeAll()
  const history = () =>
    rig.readings.history(id, { start: new Date(now - 90 * minutes), end: new Date(now - minutes), limit: 100 })
  await vi.waitFor(async () => expect(await history()).toHaveLength(3), soon)
  expect(await history()).toMatchObject([
    { reading_time: new Date(now - 60 * minutes), temperature: 20, quality: null },
    { reading_time: new Date(now - 40 * minutes), temperature: 100, quality: { temperature: 'BACKFILLED' } },
    { reading_time: new Date(now - 20 * minutes), temperature: 100, quality: { temperature: 'BACKFILLED' } },
  ])
  // Live values are not held up, and are not asked for again.
  await vi.waitFor(() => expect(rig.polls.length).toBeGreaterThan(2), soon)
  expect((await rig.readings.latest(id))?.quality).toBeNull()
  expect(kiln.askedFor).toHaveLength(1)
})

it.each([
  ['several times of a cron', '*/5 * * * *', [40, 20]],
  ['one time of a cron, which a poll makes good', 'at', []],
])('fills in what the machine kept over %s', async (_what, expression, filled) => {
  const now = Date.now()
  const at = new Date(now - 30 * minutes)
  const cron = {
    expression: expression === 'at' ? `${at.getUTCMinutes()} ${at.getUTCHours()} * * *` : expression,
    timezone: 'UTC',
  }
  const id = await rig.configure('kiln', configuration, 300)
  await rig.database.bulk`
    update equipment set poll_cron = ${JSON.stringify(cron)}::text::jsonb, iot_configured_at = now() - interval '2 hours'
    where id = ${id}`
  const stored = { equipmentId: id, sourceTime: null, zones: null, additional: null, quality: null }
  await createReadingWriter(rig.database.bulk).write([
    { ...stored, readingTime: now - 60 * minutes, values: { temperature: 20 } },
  ])
  for (const ago of [70, 40, 20]) kiln.kept.set(now - ago * minutes, 212)
  const steady = await rig.configure('kiln', { ...configuration, port: 8 })
  rig.takeAll()
  const readingsOf = (which: string) => rig.accepted.filter(({ equipmentId }) => equipmentId === which)
  await vi.waitFor(() => expect(readingsOf(id).length).toBeGreaterThan(filled.length), soon)
  const begun = readingsOf(steady).length
  await vi.waitFor(() => expect(readingsOf(steady).length).toBeGreaterThan(begun + 1), soon)
  const [live, ...kept] = readingsOf(id)
  expect(live?.quality).toBeNull()
  expect(kept.map(({ readingTime }) => Math.round((now - readingTime) / minutes))).toEqual(filled)
  expect(kiln.askedFor).toHaveLength(filled.length > 0 ? 1 : 0)
})
