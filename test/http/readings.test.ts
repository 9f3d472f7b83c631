import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Reading } from '#core'
import { type ModbusSimulator, startModbusSimulator } from '../../connectors/modbus/simulator.ts'
import { expectProblem } from './expect-problem.ts'
import { type Answer, type HttpRig, startHttpRig } from './http-rig.ts'

let rig: HttpRig
let id: string
let machine: ModbusSimulator
beforeAll(async () => {
  rig = await startHttpRig({ worker: 'holds every shard' })
  machine = await startModbusSimulator({ units: { 1: { holding: { 256: [1805] } } } })
})
beforeEach(async () => {
  id = await rig.machine('Oven')
})
afterAll(async () => {
  await rig.stop()
  await machine.stop()
})

const minute = 60_000
const reading = (readingTime: number, changes: Partial<Reading> = {}): Reading => ({
  equipmentId: id,
  readingTime,
  sourceTime: null,
  values: { temperature: 180 },
  zones: null,
  additional: null,
  quality: null,
  ...changes,
})
const iso = (ms: number) => new Date(ms).toISOString()
const history = (query = '') => rig.call('GET', `/api/v1/equipment/${id}/sensor-history${query}`)

describe('realtime-data', () => {
  const realtime = (query = '') => rig.call('GET', `/api/v1/equipment/${id}/realtime-data${query}`)

  it('of a machine that was never read is all null', async () => {
    const { status, body } = await realtime()
    expect(status).toBe(200)
    const { equipment_id, equipment_name, stale, connection_status, ...rest } = body
    expect({ equipment_id, equipment_name, stale, connection_status }).toEqual({
      equipment_id: id,
      equipment_name: 'Oven',
      stale: true,
      connection_status: 'unconfigured',
    })
    expect(new Set(Object.values(rest))).toEqual(new Set([null]))
    expect(Object.keys(body)).toEqual(
      expect.arrayContaining(['timestamp', 'age_seconds', 'moisture_content', 'active_batch_name']),
    )
  })

  it('shows the newest values, stale while the machine is not connected', async () => {
    const now = Date.now()
    await rig.readings.write([
      reading(now - 5_000, { values: { temperature: 170 } }),
      reading(now - 2_000, {
        values: { temperature: 181.5, operational_status: 'running', door_status: 'closed' },
        zones: { core: 72 },
        additional: { fan: true },
        quality: { humidity: 'VALUE_INVALID' },
      }),
    ])
    const { body } = await realtime()
    expect(body).toMatchObject({
      timestamp: iso(now - 2_000),
      stale: true,
      temperature: 181.5,
      humidity: null,
      operational_status: 'running',
      temperature_zones: { core: 72 },
      additional: { fan: true },
      quality: { humidity: 'VALUE_INVALID' },
    })
    expect(body.age_seconds).toBeGreaterThanOrEqual(2)
    expect(body.age_seconds).toBeLessThan(60)
  })

  const configure = (port: number) =>
    rig.call('POST', `/api/v1/equipment/${id}/iot-config`, {
      body: {
        protocol: 'modbus',
        endpoint: '127.0.0.1',
        port,
        poll_interval_seconds: 3600,
        additional_config: {
          timeout: 0.5,
          points: [{ metric: 'temperature', table: 'holding', address: 256, type: 'int16', scale: 0.1 }],
        },
      },
    })

  it('reads the machine now where it is asked to', async () => {
    await configure(machine.port)
    machine.units.get(1)?.holding.set(256, 1234)
    const { status, body } = await realtime('?fresh=true')
    expect(status).toBe(200)
    expect(body).toMatchObject({ temperature: 123.4, stale: false, connection_status: 'connected' })
    expect(body.age_seconds).toBeLessThan(5)
  })

  it('says why a machine could not be read now', async () => {
    const gone = await startModbusSimulator({ units: { 1: { holding: { 256: [1805] } } } })
    await configure(gone.port)
    await gone.stop()
    expectProblem(await realtime('?fresh=true'), 'UNREACHABLE', 'LINK_LOST')
  })

  it('cannot read a machine that is not configured', async () => {
    expectProblem(await realtime('?fresh=true'), 'CONFLICT')
  })

  it.each(['1', 'yes', 'TRUE', ''])('is not read now for fresh=%s', async (fresh) => {
    expect(expectProblem(await realtime(`?fresh=${fresh}`), 'REQUEST_MALFORMED')).toEqual(['fresh'])
  })

  it('of an unknown machine is not found', async () => {
    id = crypto.randomUUID()
    expectProblem(await realtime(), 'NOT_FOUND')
    expectProblem(await realtime('?fresh=true'), 'NOT_FOUND')
  })
})

describe('the newest values of all machines', () => {
  const all = async (): Promise<Answer['body'][]> => {
    const items: Answer['body'][] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { status, body } = await rig.call('GET', `/api/v1/realtime-data?limit=2${cursor && `&cursor=${cursor}`}`)
      expect(status).toBe(200)
      items.push(...body.items)
      cursor = body.next_cursor
    }
    return items
  }
  const steady = ({ age_seconds: _, ...rest }: Answer['body']) => rest

  it('are what each machine shows, in the order of machines, on pages', async () => {
    const now = Date.now()
    const quiet = await rig.machine('Quiet since yesterday')
    const gone = await rig.machine('Gone for months')
    await rig.readings.write([
      reading(now - 3_000, { values: { temperature: 171 } }),
      reading(now - 2_000, { values: { temperature: 172 }, zones: { top: 190 } }),
      reading(now - 2 * 24 * 60 * minute, { equipmentId: quiet, values: { temperature: 4 } }),
      reading(now - 3 * 24 * 60 * minute, { equipmentId: quiet, values: { temperature: 5 } }),
      reading(now - 80 * 24 * 60 * minute, { equipmentId: gone, values: { humidity: 60 } }),
    ])
    await rig.call('POST', '/api/v1/batches', { body: { name: 'Rye', equipment_ids: [id] } })
    const items = await all()
    expect(items.slice(-3)).toMatchObject([
      { equipment_id: id, temperature: 172, temperature_zones: { top: 190 }, active_batch_name: 'Rye' },
      { equipment_id: quiet, temperature: 4, timestamp: iso(now - 2 * 24 * 60 * minute), stale: true },
      { equipment_id: gone, temperature: null, humidity: 60, timestamp: iso(now - 80 * 24 * 60 * minute) },
    ])
    const { body } = await rig.call('GET', '/api/v1/equipment?limit=500')
    expect(items.map(({ equipment_id }) => equipment_id)).toEqual(body.items.map((one: { id: string }) => one.id))
    for (const item of items.slice(-4)) {
      const { body: one } = await rig.call('GET', `/api/v1/equipment/${item.equipment_id}/realtime-data`)
      expect(steady(item)).toEqual(steady(one))
    }
  })

  it('are not paged by the cursor of another list', async () => {
    await rig.machine('Another')
    const { body } = await rig.call('GET', '/api/v1/equipment?limit=1')
    const answer = await rig.call('GET', `/api/v1/realtime-data?cursor=${body.next_cursor}`)
    expect(expectProblem(answer, 'REQUEST_MALFORMED')).toEqual(['cursor'])
  })
})

describe('sensor-history', () => {
  it('gives the last day, oldest first', async () => {
    const now = Date.now()
    const times = [now - 25 * 60 * minute, now - 23 * 60 * minute, now - minute]
    await rig.readings.write(times.map((time) => reading(time)))
    const { status, body } = await history()
    expect(status).toBe(200)
    expect(body).toMatchObject({ equipment_id: id, interval: null, source: 'raw', next_cursor: null })
    expect(Date.parse(body.end) - Date.parse(body.start)).toBe(24 * 60 * minute)
    expect(body.readings.map((row: { reading_time: string }) => row.reading_time)).toEqual(times.slice(1).map(iso))
    expect(body.readings[0]).toMatchObject({ temperature: 180, humidity: null, temperature_zones: null, quality: {} })
  })

  it('gives what lies from start to before end', async () => {
    const start = Date.now() - 10 * minute
    await rig.readings.write(Array.from({ length: 5 }, (_, index) => reading(start + index * minute)))
    const { body } = await history(`?start=${iso(start + minute)}&end=${iso(start + 3 * minute)}`)
    expect(body.readings.map((row: { reading_time: string }) => row.reading_time)).toEqual([
      iso(start + minute),
      iso(start + 2 * minute),
    ])
  })

  it('takes times with any offset', async () => {
    const { body } = await history('?start=2026-10-25T02:30:00%2B02:00&end=2026-10-25T02:30:00%2B01:00')
    expect(body).toMatchObject({ start: '2026-10-25T00:30:00.000Z', end: '2026-10-25T01:30:00.000Z' })
  })

  it('gives what was asked for only', async () => {
    const values = { temperature: 180, humidity: 40 }
    await rig.readings.write([reading(Date.now() - minute, { values, zones: { core: 72, top: 200 } })])
    const { body } = await history('?metrics=humidity,temperature_zones.core')
    expect(body.readings).toEqual([
      {
        reading_time: expect.any(String),
        source_time: null,
        humidity: 40,
        temperature_zones: { core: 72 },
        quality: {},
      },
    ])
  })

  it('is given page by page, none twice and none left out', async () => {
    const start = Date.now() - 10 * minute
    await rig.readings.write(
      Array.from({ length: 25 }, (_, index) => reading(start + index, { values: { temperature: index } })),
    )
    const seen: number[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const query = `?start=${iso(start)}&end=${iso(start + minute)}&limit=10${cursor && `&cursor=${cursor}`}`
      const { body }: Answer = await history(query)
      seen.push(...body.readings.map((row: { temperature: number }) => row.temperature))
      cursor = body.next_cursor
    }
    expect(seen).toEqual(Array.from({ length: 25 }, (_, index) => index))
  })

  it('of a machine without readings is empty', async () => {
    expect((await history()).body).toMatchObject({ readings: [], next_cursor: null })
  })

  it('of an unknown machine is not found', async () => {
    id = crypto.randomUUID()
    expectProblem(await history(), 'NOT_FOUND')
  })

  it('takes no cursor of another machine', async () => {
    await rig.readings.write(Array.from({ length: 3 }, (_, index) => reading(Date.now() - minute - index)))
    const { body } = await history('?limit=1')
    id = await rig.machine()
    expect(expectProblem(await history(`?limit=1&cursor=${body.next_cursor}`), 'REQUEST_MALFORMED')).toEqual(['cursor'])
  })

  it.each([
    ['start after end', 'start=2026-02-01T00:00:00Z&end=2026-01-01T00:00:00Z', 'start'],
    ['a time without offset', 'start=2026-01-01T00:00:00', 'start'],
    ['an offset whose + became a blank', 'start=2026-01-01T00:00:00+02:00', 'start'],
    ['a day', 'start=2026-01-01', 'start'],
    ['a number', 'start=1767225600000', 'start'],
    ['a leap second', 'end=2016-12-31T23:59:60Z', 'end'],
    ['a day that does not exist', 'end=2026-02-29T00:00:00Z', 'end'],
    ['a time before 1970', 'start=1969-12-31T23:59:59Z', 'start'],
    ['the year 0', 'start=0000-01-01T00:00:00Z', 'start'],
    ['a time after the year 9999', 'end=9999-12-31T23:59:59-14:00', 'end'],
    ['the year 275760', 'end=%2B275760-09-13T00:00:00Z', 'end'],
    ['limit 0', 'limit=0', 'limit'],
    ['limit -1', 'limit=-1', 'limit'],
    ['limit 10001', 'limit=10001', 'limit'],
    ['limit 1e9', 'limit=1000000000', 'limit'],
    ['a metric that is none', 'metrics=temperature,colour', 'metrics'],
    ['an empty metric', 'metrics=temperature,,humidity', 'metrics'],
  ])('refuses %s', async (_name, query, path) => {
    expect(expectProblem(await history(`?${query}`), 'CONFIG_INVALID')).toEqual([path])
  })

  it('takes the longest time there is', async () => {
    expect((await history('?start=1970-01-01T00:00:00Z&end=9999-12-31T23:59:59Z')).status).toBe(200)
  })
})
