import { describe, expect, it, vi } from 'vitest'
import { parseTarget } from '#connector'
import { soon } from '../../test/setup/soon.ts'
import { batch, client, connector, faultOf, openLink, startTestCloud, targetOf, unit } from './link-fixture.ts'

const units = [unit('1', 181), unit('2', 182)]
const both = { units, api: { client, batches: [batch(10, '1'), batch(20, '2')] } }
const api = (more: object) => ({ units, api: { ...both.api, ...more } })

describe('an account', () => {
  it('has one session, one token and one question for all its units', async () => {
    const cloud = await startTestCloud(both)
    const one = targetOf(cloud, '1')
    const two = targetOf(cloud, 'S2')
    const link = await openLink(one)
    for (let round = 0; round < 3; round += 1) {
      expect(await link.outcomes(one)).toMatchObject({ temperature: 181, 'additional.haccp_batch': 'Batch 10' })
      expect(await link.outcomes(two)).toMatchObject({ temperature: 182, 'additional.haccp_batch': 'Batch 20' })
    }
    expect(cloud.server.sessions()).toBe(1)
    expect(cloud.api.asked).toHaveLength(1)
  })

  it('is asked for batches again when the interval is over, while its units are read', async () => {
    const cloud = await startTestCloud(both)
    const link = await openLink(targetOf(cloud, '1'))
    await link.read()
    cloud.load(api({ batches: [batch(11, '1', { startDate: '2026-11-20T05:00:00Z' })] }))
    link.pass(299)
    expect(await link.outcomes()).toMatchObject({ 'additional.haccp_batch': 'Batch 10' })
    expect(cloud.api.asked).toHaveLength(1)
    link.pass(1)
    await vi.waitFor(
      async () => expect(await link.outcomes()).toMatchObject({ 'additional.haccp_batch': 'Batch 11' }),
      soon,
    )
    expect(cloud.api.asked).toHaveLength(2)
  })

  it('shows ten of eleven units, and the message for the eleventh names them', async () => {
    const eleven = Array.from({ length: 11 }, (_, index) => unit(String(index)))
    const cloud = await startTestCloud({ units: eleven })
    const fault = await faultOf((await openLink(withoutClient(cloud, '10'))).read())
    expect(fault).toMatchObject({ code: 'POINT_REFUSED' })
    expect(fault?.message).toContain('0 (S0), 1 (S1), 2 (S2)')
    expect(fault?.message).toContain('no more than 10')
  })

  it('is quoted with readable names only', async () => {
    const cloud = await startTestCloud({ units: [{ ...unit('1'), serial: '\u001b[31m<script>' }, unit('2')] })
    const fault = await faultOf((await openLink(withoutClient(cloud, '9'))).read())
    expect(fault?.message).toBe('additional_config.unit_id is none of the units that the account shows: 1, 2 (S2)')
  })

  it('may lose a unit and get it back', async () => {
    const cloud = await startTestCloud({ units })
    const target = withoutClient(cloud, '1')
    const points = { points: [{ metric: 'temperature', variable: 'CombiSteamer/ActualTemperatureChamber_0' }] }
    const named = withoutClient(cloud, '1', points)
    const link = await openLink(target)
    expect(await link.outcomes()).toMatchObject({ temperature: 181 })
    expect(await link.outcomes(named)).toEqual({ temperature: 181 })
    cloud.load({ units: [unit('2')] })
    expect(await link.outcomes(named)).toEqual({ temperature: 'POINT_REFUSED' })
    await link.read()
    for (const of of [target, named]) {
      expect(await faultOf(link.read(of))).toMatchObject({
        code: 'POINT_REFUSED',
        message: expect.stringContaining('2 (S2)'),
      })
    }
    cloud.load({ units: [unit('1', 190)] })
    expect(await link.outcomes()).toMatchObject({ temperature: 190 })
    expect(await link.outcomes(named)).toEqual({ temperature: 190 })
  })
})

describe('the API failing', () => {
  it.each([
    ['away', 'closing', 'LINK_LOST'],
    ['in trouble', 'failing', 'DEVICE_BUSY'],
    ['asked too often', 'overloaded', 'DEVICE_BUSY'],
    ['cut off', 'cutJson', 'PROTOCOL_VIOLATED'],
  ])('%s hides no live value, and is asked again a minute later', async (_, misbehaviour, code) => {
    const cloud = await startTestCloud(api({ misbehaviour }))
    const link = await openLink(targetOf(cloud, '1'))
    expect(await link.outcomes()).toMatchObject({ temperature: 181, 'additional.haccp_batch': code })
    cloud.load(both)
    const before = cloud.api.asked.length
    link.pass(59)
    expect(await link.outcomes()).toMatchObject({ temperature: 181, 'additional.haccp_batch': code })
    expect(cloud.api.asked).toHaveLength(before)
    link.pass(1)
    await vi.waitFor(
      async () => expect(await link.outcomes()).toMatchObject({ 'additional.haccp_batch': 'Batch 10' }),
      soon,
    )
  })

  it('with a wait of its own is left alone for so long', async () => {
    const cloud = await startTestCloud(api({ misbehaviour: 'limiting' }))
    const link = await openLink(targetOf(cloud, '1'))
    await link.read()
    link.pass(119)
    await link.read()
    expect(cloud.api.asked).toHaveLength(1)
    link.pass(1)
    await link.read()
    await vi.waitFor(() => expect(cloud.api.asked).toHaveLength(2), soon)
  })

  it('with a wait of its own is left alone over a restart, too', async () => {
    const cloud = await startTestCloud(api({ misbehaviour: 'limiting' }))
    const facts = new Map<string, unknown>()
    const link = await openLink(targetOf(cloud, '1'), facts)
    await link.read()
    await link.close()
    cloud.load(both)
    const next = await openLink(targetOf(cloud, '1'), facts)
    next.pass(119)
    expect(await next.outcomes()).toMatchObject({ temperature: 181, 'additional.haccp_batch': 'DEVICE_BUSY' })
    expect(cloud.api.asked).toHaveLength(1)
    next.pass(60)
    await vi.waitFor(
      async () => expect(await next.outcomes()).toMatchObject({ 'additional.haccp_batch': 'Batch 10' }),
      soon,
    )
  })

  it('silently is waited for once; later reads go on beside the question', async () => {
    const cloud = await startTestCloud(both)
    const link = await openLink(targetOf(cloud, '1', { settings: { timeout: 30 } }))
    await link.read()
    cloud.load(api({ misbehaviour: 'silent' }))
    link.pass(300)
    expect(await link.outcomes()).toMatchObject({ temperature: 181, 'additional.haccp_batch': 'Batch 10' })
    await vi.waitFor(() => expect(cloud.api.asked).toHaveLength(2), soon)
    expect(await link.outcomes()).toMatchObject({ temperature: 181 })
    await link.close()
    await vi.waitFor(() => expect([link.openSockets(), cloud.connections()]).toEqual([0, 0]), soon)
  })

  it('at its first question lets go of a read that is given up', async () => {
    const cloud = await startTestCloud(api({ misbehaviour: 'silent' }))
    const link = await openLink(targetOf(cloud, '1', { settings: { timeout: 30 } }))
    const abort = new AbortController()
    const reading = faultOf(link.read(undefined, abort.signal))
    await vi.waitFor(() => expect(cloud.api.asked).toHaveLength(1), soon)
    abort.abort(new Error('given up'))
    expect(await reading).toMatchObject({ message: 'given up' })
  })

  it('for wrong credentials of the client is rested for a quarter of an hour', async () => {
    const cloud = await startTestCloud(both)
    const link = await openLink(targetOf(cloud, '1', { credentials: { client_secret: 'wrong-secret' } }))
    const wrong = { temperature: 181, 'additional.haccp_batch': 'CREDENTIALS_REJECTED' }
    const samples = await link.read()
    expect(JSON.stringify(samples)).not.toContain('wrong-secret')
    link.pass(899)
    expect(await link.outcomes()).toMatchObject(wrong)
    expect(cloud.api.asked).toEqual([])
  })

  it('for a token that ended early gets another one', async () => {
    const cloud = await startTestCloud(both)
    const link = await openLink(targetOf(cloud, '1'))
    await link.read()
    cloud.api.revoke()
    cloud.load(api({ batches: [batch(11, '1')] }))
    link.pass(300)
    await vi.waitFor(
      async () => expect(await link.outcomes()).toMatchObject({ 'additional.haccp_batch': 'Batch 11' }),
      soon,
    )
  })

  it('is not there at all without a client', async () => {
    const cloud = await startTestCloud(both)
    const link = await openLink(withoutClient(cloud, '1'))
    expect(await link.outcomes()).toEqual({
      temperature: 181,
      'temperature_zones.chamber': 181,
      'additional.serial_number': 'S1',
    })
    expect(cloud.api.asked).toEqual([])
  })
})

describe('the OPC UA server failing', () => {
  it('ends the link, and the next one has both halves', async () => {
    const cloud = await startTestCloud(both)
    const target = targetOf(cloud, '1')
    const link = await openLink(target)
    await link.read()
    await cloud.restartServer()
    expect(await link.lost).toMatchObject({ code: 'LINK_LOST' })
    await link.close()
    const next = await openLink(target)
    expect(await next.outcomes()).toMatchObject({ temperature: 181, 'additional.haccp_batch': 'Batch 10' })
    expect(cloud.server.sessions()).toBe(1)
    await next.close()
    await vi.waitFor(() => expect([cloud.server.sessions(), cloud.connections()]).toEqual([0, 0]), soon)
  })

  it('for a wrong password asks the API nothing', async () => {
    const cloud = await startTestCloud(both)
    const opening = openLink(targetOf(cloud, '1', { credentials: { password: 'wrong-password' } }))
    const fault = await faultOf(opening)
    expect(fault).toMatchObject({ code: 'CREDENTIALS_REJECTED' })
    expect(fault?.message).not.toContain('wrong-password')
    expect(cloud.api.asked).toEqual([])
    await vi.waitFor(() => expect([cloud.server.sessions(), cloud.connections()]).toEqual([0, 0]), soon)
  })
})

type Cloud = Awaited<ReturnType<typeof startTestCloud>>

function withoutClient(cloud: Cloud, unitId: string, settings: object = {}) {
  const { endpoint, port } = cloud.configuration
  return parseTarget(connector, `machine-${unitId}`, {
    endpoint,
    port,
    credentials: { username: 'baker', password: 'example-password' },
    additional_config: { unit_id: unitId, timeout: 5, ...settings },
  }) as ReturnType<typeof targetOf>
}
