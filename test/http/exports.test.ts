import { connect } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { limits, type Reading } from '#core'
import { soon } from '../setup/soon.ts'
import { expectProblem } from './expect-problem.ts'
import { type HttpRig, listen, startHttpRig } from './http-rig.ts'

let rig: HttpRig
let address: { host: string; port: number }
let id: string
beforeAll(async () => {
  rig = await startHttpRig()
  address = await listen(rig.app)
})
beforeEach(async () => {
  id = await rig.machine('Oven')
})
afterAll(() => rig.stop())

const four = Date.parse('2026-11-20T04:00:00Z')
const span = 'start=2026-11-20T04:00:00Z&end=2026-11-21T04:00:00Z'
const reading = (seconds: number, changes: Partial<Reading> = {}): Reading => ({
  equipmentId: id,
  readingTime: four + seconds * 1_000,
  sourceTime: null,
  values: { temperature: seconds, energy_consumption_kwh: 100 + seconds / 10, door_status: 'closed' },
  zones: { top: 200 },
  additional: { note: '=1,5' },
  quality: null,
  ...changes,
})
const store = async (count: number, changes: Partial<Reading> = {}) => {
  for (let from = 0; from < count; from += 5_000) {
    const readings = Array.from({ length: Math.min(5_000, count - from) }, (_, index) => reading(from + index, changes))
    await rig.readings.write(readings)
  }
}
const history = (query: string, headers = {}) =>
  rig.call('GET', `/api/v1/equipment/${id}/sensor-history?${span}&${query}`, { headers })

interface Bucket {
  readonly reading_time: string
  readonly temperature: { readonly count: number }
}

describe('buckets', () => {
  it('summarize the readings, page by page as at once', async () => {
    await store(150)
    const { body } = await history('interval=1m&metrics=temperature,energy_consumption_kwh')
    expect(body).toMatchObject({ interval: 60, source: '1m', next_cursor: null })
    const statistics = (min: number, max: number) => ({ avg: (min + max) / 2, min, max, count: max - min + 1 })
    expect(body.readings).toEqual([
      {
        reading_time: '2026-11-20T04:00:00.000Z',
        temperature: statistics(0, 59),
        energy_consumption_kwh: { delta: 5.9, last: 105.9 },
        quality: {},
      },
      {
        reading_time: '2026-11-20T04:01:00.000Z',
        temperature: statistics(60, 119),
        energy_consumption_kwh: { delta: 6, last: 111.9 },
        quality: {},
      },
      {
        reading_time: '2026-11-20T04:02:00.000Z',
        temperature: statistics(120, 149),
        energy_consumption_kwh: { delta: 3, last: 114.9 },
        quality: {},
      },
    ])
    const paged = []
    for (let cursor = ''; ; ) {
      const page = await history(`interval=1m&metrics=temperature,energy_consumption_kwh&limit=1${cursor}`)
      paged.push(...page.body.readings)
      if (page.body.next_cursor === null) break
      cursor = `&cursor=${page.body.next_cursor}`
    }
    expect(paged).toEqual(body.readings)
  })

  it('are no more than the points asked for', async () => {
    await store(150)
    const { body } = await history('points=100')
    expect(body.interval).toBe(900)
    expect(body.readings).toMatchObject([{ temperature: { count: 150 }, additional: { note: { last: '=1,5' } } }])
  })

  it('are days of a time zone, one of which has 25 hours', async () => {
    const hours = Array.from({ length: 73 }, (_, hour) => Date.UTC(2026, 9, 24, hour))
    await rig.readings.write(hours.map((readingTime) => ({ ...reading(0), readingTime })))
    const days = async (query: string) => {
      const span = `start=2026-10-23T22:00:00Z&end=2026-10-26T23:00:00Z&${query}`
      const { body } = await rig.call('GET', `/api/v1/equipment/${id}/sensor-history?${span}`)
      const counted = body.readings.map((bucket: Bucket) => [bucket.reading_time, bucket.temperature.count])
      return { counted, interval: body.interval, timezone: body.timezone }
    }
    const expected = {
      counted: [
        ['2026-10-23T22:00:00.000Z', 22],
        ['2026-10-24T22:00:00.000Z', 25],
        ['2026-10-25T23:00:00.000Z', 24],
      ],
      interval: 86_400,
      timezone: 'Europe/Berlin',
    }
    expect(await days('interval=1d&timezone=Europe/Berlin')).toEqual(expected)
    expect(await days('points=3&timezone=Europe/Berlin')).toEqual(expected)
    const ofUtc = await days('interval=1d')
    expect(ofUtc.counted.map(([, count]: [string, number]) => count)).toEqual([24, 24, 23])
    expect(ofUtc.timezone).toBe('UTC')
  })

  it.each([
    ['interval=0', 'interval'],
    ['interval=-5m', 'interval'],
    ['interval=1e3', 'interval'],
    ['points=1', 'points'],
    ['points=2001', 'points'],
    ['points=100&interval=1m', 'points'],
    ['timezone=Europe/Berlin', 'timezone'],
    ['interval=1d&timezone=Berlin', 'timezone'],
    ['interval=7h&timezone=Europe/Berlin', 'interval'],
    ['interval=36h&timezone=Europe/Berlin', 'interval'],
  ])('%s is refused', async (query, path) => {
    expect(expectProblem(await history(query), 'CONFIG_INVALID')).toEqual([path])
  })

  it('take no cursor of another list', async () => {
    await store(150)
    const raw = (await history('limit=1')).body.next_cursor
    const minutes = (await history('interval=1m&limit=1')).body.next_cursor
    expect(expectProblem(await history(`interval=1m&cursor=${raw}`), 'REQUEST_MALFORMED')).toEqual(['cursor'])
    expect(expectProblem(await history(`cursor=${minutes}`), 'REQUEST_MALFORMED')).toEqual(['cursor'])
    const second = (await history('interval=1m&limit=2')).body.next_cursor
    expect(expectProblem(await history(`interval=1h&cursor=${second}`), 'REQUEST_MALFORMED')).toEqual(['cursor'])
  })
})

describe('exports', () => {
  it('are a table with all readings', async () => {
    await store(limits.historyRowsAtOnce + 10)
    const { status, headers, text } = await history('format=csv&metrics=temperature,additional.note')
    expect(status).toBe(200)
    expect(headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': `attachment; filename="${id}_2026-11-20T040000_2026-11-21T040000.csv"`,
    })
    const lines = text.split('\r\n')
    expect(lines[0]).toBe('reading_time,source_time,temperature,additional.note,quality')
    expect(lines[1]).toBe('2026-11-20T04:00:00.000Z,,0,"\'=1,5",{}')
    const times = lines.slice(1, -1).map((line) => line.split(',')[2])
    expect(times).toEqual(Array.from({ length: limits.historyRowsAtOnce + 10 }, (_, index) => String(index)))
    expect(lines.at(-1)).toBe('')
  })

  it('are lines of JSON, of what json gives', async () => {
    await store(130)
    const { text } = await history('interval=1m', { accept: 'application/x-ndjson' })
    const { body } = await history('interval=1m')
    expect(
      text
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line)),
    ).toEqual(body.readings)
  })

  it('are tables of buckets too, and of nothing have a head', async () => {
    const { text } = await history('interval=1h&metrics=temperature', { accept: 'text/csv' })
    expect(text).toBe('reading_time,temperature.avg,temperature.min,temperature.max,temperature.count,quality\r\n')
    await store(2)
    const filled = await history('interval=1h&metrics=temperature&format=csv')
    expect(filled.text.split('\r\n')[1]).toBe('2026-11-20T04:00:00.000Z,0.5,0,1,2,{}')
  })

  it('refuse what has no meaning for them', async () => {
    expect(expectProblem(await history('format=csv&limit=5'), 'CONFIG_INVALID')).toEqual(['limit'])
    expect(expectProblem(await history('format=xml'), 'CONFIG_INVALID')).toEqual(['format'])
    const other = `/api/v1/equipment/${crypto.randomUUID()}/sensor-history?format=csv`
    expectProblem(await rig.call('GET', other), 'NOT_FOUND')
  })

  it('wait for their reader, no more of them than are allowed, and end with him', async () => {
    // More than sockets hold on their way.
    const additional = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`key${index}`, 'x'.repeat(400)]))
    await store(1_200, { additional })
    const request = `GET /api/v1/equipment/${id}/sensor-history?${span}&format=ndjson HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${rig.adminKey}\r\n\r\n`
    const readers = Array.from({ length: limits.exportsMax }, () => {
      const socket = connect(address.port, address.host).on('error', () => undefined)
      socket.write(request)
      return socket
    })
    onTestFinished(() => readers.forEach((socket) => void socket.destroy()))
    await Promise.all(readers.map((socket) => new Promise((resolve) => socket.once('readable', resolve))))
    const refused = await history('format=csv')
    expectProblem(refused, 'OVERLOADED')
    expect(refused.headers['retry-after']).toBe('5')
    expect((await history('limit=1')).status).toBe(200)
    for (const socket of readers) socket.destroy()
    await vi.waitFor(async () => expect((await history('format=csv')).status).toBe(200), soon)
  })
})
