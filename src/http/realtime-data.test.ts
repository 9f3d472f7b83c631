import { expect, it } from 'vitest'
import { type ConnectionStatus, connectionStatuses, type Reading } from '#core'
import { asStored } from './reading-record.ts'
import { justRead, realtimeData, realtimeDataSchema } from './realtime-data.ts'

const now = Date.UTC(2026, 10, 20, 4)
const id = '6f1c1f2e-9d1f-4a53-9a6b-0a54f7f7a111'

const machine = (status: ConnectionStatus) => ({
  id,
  name: 'Oven',
  iot_connection_status: status,
  poll_interval_seconds: 10,
  poll_cron: null,
})

const readingAt = (readingTime: number, quality: Reading['quality'] = null) =>
  asStored({
    equipmentId: id,
    readingTime,
    sourceTime: null,
    values: { temperature: 181.5, door_status: 'closed' },
    zones: { core: 72 },
    additional: null,
    quality,
  })

it('shows the newest values with their age', () => {
  const data = realtimeData(machine('connected'), readingAt(now - 4_260), { now })
  expect(realtimeDataSchema.parse(data)).toEqual(data)
  expect(data).toMatchObject({
    equipment_id: id,
    equipment_name: 'Oven',
    timestamp: '2026-11-20T03:59:55.740Z',
    age_seconds: 4.3,
    stale: false,
    connection_status: 'connected',
    temperature: 181.5,
    humidity: null,
    door_status: 'closed',
    temperature_zones: { core: 72 },
    additional: null,
    quality: {},
    active_batch_id: null,
    active_batch_name: null,
  })
})

it('shows nulls when nothing was ever read', () => {
  const data = realtimeData(machine('disconnected'), undefined, { now })
  expect(realtimeDataSchema.parse(data)).toEqual(data)
  expect(data).toMatchObject({ timestamp: null, age_seconds: null, stale: true, temperature: null, quality: null })
})

it.each(connectionStatuses.map((status) => [status, status !== 'connected' && status !== 'degraded'] as const))(
  'a fresh value of a machine that is %s: stale %s',
  (status, stale) => {
    expect(realtimeData(machine(status), readingAt(now), { now }).stale).toBe(stale)
  },
)

it.each([
  [25_000, false],
  [25_100, true],
])('a value %d ms old at an interval of 10 s: stale %s', (ageMs, stale) => {
  expect(realtimeData(machine('connected'), readingAt(now - ageMs), { now }).stale).toBe(stale)
})

it('makes no negative age of a clock that is ahead', () => {
  expect(realtimeData(machine('connected'), readingAt(now + 800), { now }).age_seconds).toBe(0)
})

it.each([
  ['connecting', null, 'connected'],
  ['disconnected', { humidity: 'VALUE_INVALID' }, 'degraded'],
  ['connected', { humidity: 'VALUE_INVALID' }, 'connected'],
  ['degraded', null, 'degraded'],
] as const)('a machine %s that was just read with %j shows as %s', (status, quality, expected) => {
  expect(justRead(machine(status), readingAt(now, quality)).iot_connection_status).toBe(expected)
})

it.each([
  ['a night', '26T19:55:01', '27T03:59', false],
  ['one time that was lost and one that is late', '26T10:00:01', '26T10:12', false],
  ['a third', '26T10:00:01', '26T10:13', true],
])('is stale by a cron after %s', (_what, read, seen, stale) => {
  const poll_cron = { expression: '*/5 5-20 * * *', timezone: 'Europe/Berlin' }
  const oven = { ...machine('connected'), poll_interval_seconds: 300, poll_cron }
  const at = (time: string) => Date.parse(`2026-11-${time}Z`)
  expect(realtimeData(oven, readingAt(at(read)), { now: at(seen) }).stale).toBe(stale)
})
