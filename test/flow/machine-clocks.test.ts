import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { startServer } from '#protocol/http'
import { startPollingRig } from '../setup/polling-rig.ts'
import { soon } from '../setup/soon.ts'

let rig: Awaited<ReturnType<typeof startPollingRig>>
let machine: Awaited<ReturnType<typeof startServer>>

const hourMs = 3_600_000
const begun = Date.now()
const since = (then: string) => Date.parse(then) - begun
const utc = (offsetMs: number) => () => new Date(Date.now() + offsetMs).toISOString()
/** As the display of a machine shows it, without zone. */
const shownIn = (timeZone: string) => {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' })
  return () => format.format(Date.now())
}
/** Central European Time, which is never put forward. */
const winter = () => utc(hourMs)().slice(0, 19)

/** What each machine says that the time is, by the path of its data. */
const clocks: Readonly<Record<string, () => unknown>> = {
  right: utc(0),
  '1970': utc(since('1970-01-01T00:00:17Z')),
  '2038': utc(since('2038-01-19T03:14:08Z')),
  '2099': utc(since('2099-01-01T00:00:00Z')),
  behind: utc(-5 * hourMs),
  winter,
  berlin: shownIn('Europe/Berlin'),
  null: () => null,
  zero: () => 0,
  '1601': () => '1601-01-01T00:00:00Z',
  epoch: () => '1970-01-01T00:00:00Z',
  '9999': () => '9999-12-31T23:59:59Z',
}

beforeAll(async () => {
  rig = await startPollingRig()
  machine = await startServer({
    handle: ({ url = '' }, response) => {
      response.end(JSON.stringify({ temp: 21, at: clocks[url.slice(1)]?.() }))
    },
  })
  rig.takeAll()
})
afterAll(async () => {
  await rig.stop()
  await machine.stop()
})

it.each<[clock: string, offMs: number | undefined, quality: object | null, settings?: object]>([
  ['right', 0, null],
  ['1970', since('1970-01-01T00:00:17Z'), { source_time: 'CLOCK_SKEW' }],
  ['2038', since('2038-01-19T03:14:08Z'), { source_time: 'CLOCK_SKEW' }],
  ['2099', since('2099-01-01T00:00:00Z'), { source_time: 'CLOCK_SKEW' }],
  ['behind', -5 * hourMs, { source_time: 'CLOCK_SKEW' }, { frozen_after: 0 }],
  ['behind', -5 * hourMs, { source_time: 'CLOCK_SKEW', temperature: 'UNCERTAIN' }],
  ['winter', hourMs, { source_time: 'CLOCK_SKEW' }],
  ['winter', 0, null, { timezone: 'Africa/Lagos' }],
  ['berlin', 0, null, { timezone: 'Europe/Berlin' }],
  ['null', undefined, null],
  ['zero', undefined, null],
  ['1601', undefined, null],
  ['epoch', undefined, null],
  ['9999', undefined, null],
])(
  'a reading of a machine whose clock is %s stands at our time, with its own beside it',
  async (clock, offMs, quality, settings = {}) => {
    const points = [{ metric: 'temperature', pointer: '/temp' }]
    const additional_config = { data_endpoint: `/${clock}`, points, timestamp_pointer: '/at', ...settings }
    const from = Date.now()
    const id = await rig.configure('rest_api', { endpoint: 'http://127.0.0.1', port: machine.port, additional_config })
    const readings = () => rig.accepted.filter(({ equipmentId }) => equipmentId === id)
    // The second tells whether a clock runs.
    await vi.waitFor(() => expect(readings().length).toBeGreaterThanOrEqual(2), soon)
    const row = await vi.waitFor(async () => {
      const newest = await rig.readings.latest(id)
      expect(newest?.reading_time.getTime()).toBeGreaterThanOrEqual(readings()[1]?.readingTime ?? 0)
      expect(newest?.temperature).toBe(21)
      expect(newest?.quality ?? null).toEqual(quality)
      return newest
    }, soon)
    const readAt = row?.reading_time.getTime() ?? 0
    expect(readAt).toBeGreaterThanOrEqual(from)
    expect(readAt).toBeLessThanOrEqual(Date.now())
    const own = row?.source_time?.getTime()
    if (offMs === undefined) expect(own).toBeUndefined()
    // What a display shows is up to a second old, and a busy machine reads it late.
    else expect(Math.abs((own ?? 0) - readAt - offMs)).toBeLessThan(30_000)
  },
)
