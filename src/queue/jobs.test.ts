import { expect, it } from 'vitest'
import { jobNames, jobOptions, jobs, parsePayload } from './jobs.ts'

const notificationId = '0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d'

it.each([
  { name: 'poll-shard', data: { shard: 0 } },
  { name: 'poll-shard', data: { shard: 63 } },
  { name: 'send-notification', data: { notificationId } },
  { name: 'maintain-readings', data: {} },
] as const)('$name carries $data', ({ name, data }) => {
  expect(parsePayload(name, data)).toEqual(data)
})

it.each([
  { name: 'poll-shard', data: { shard: 64 } },
  { name: 'poll-shard', data: { shard: -1 } },
  { name: 'poll-shard', data: { shard: '7' } },
  { name: 'poll-shard', data: {} },
  { name: 'send-notification', data: { notificationId: '17' } },
  { name: 'send-notification', data: { notificationId, body: 'more than an id' } },
  { name: 'send-notification', data: null },
  { name: 'maintain-readings', data: { unknown: 1 } },
] as const)('$name does not carry $data', ({ name, data }) => {
  expect(parsePayload(name, data)).toBeUndefined()
})

it('gives each shard, notification and maintenance one id that BullMQ accepts', () => {
  const ids = [
    jobOptions('poll-shard', { shard: 7 }).jobId,
    jobOptions('send-notification', { notificationId }).jobId,
    jobOptions('maintain-readings', {}).jobId,
  ]
  expect(ids).toEqual(['shard-7', notificationId, 'maintain-readings'])
  for (const id of ids) expect(id).not.toMatch(/:|^\d+$/)
})

it('bounds the tries of every job', () => {
  for (const name of jobNames) expect(jobs[name].attempts).toBeLessThanOrEqual(5)
})
