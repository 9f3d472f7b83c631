import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { soon } from '../setup/soon.ts'
import { expectProblem } from './expect-problem.ts'
import { type HttpRig, startHttpRig } from './http-rig.ts'

let rig: HttpRig
beforeAll(async () => {
  rig = await startHttpRig()
})
afterAll(() => rig.stop())

const configuration = {
  protocol: 'modbus',
  endpoint: '127.0.0.1',
  additional_config: {
    timeout: 0.1,
    points: [{ metric: 'temperature', table: 'holding', address: 256, type: 'int16' }],
  },
}
const post = (id: string, what: string) => rig.call('POST', `/api/v1/equipment/${id}/${what}`, { body: configuration })

/** More machines than may be asked at once. */
const atOnce = 64

describe('while no worker runs', () => {
  it('a configuration is stored all the same, only so many wait at once, and each is told what is missing', async () => {
    const [stored, required, asked] = [await rig.machine(), await rig.machine(), await rig.machine()]
    const configured = post(stored, 'iot-config')
    const refused = post(required, 'iot-config?require_connection=true')
    const tested = Array.from({ length: atOnce - 2 }, () => post(asked, 'test-connection'))
    await vi.waitFor(async () => {
      const [row] = await rig.database.bulk`select count(*)::int as n from link_requests`
      expect(row?.['n']).toBe(atOnce)
    }, soon)
    const overloaded = await post(asked, 'test-connection')
    expectProblem(overloaded, 'OVERLOADED')
    expect(overloaded.headers['retry-after']).toBe('1')

    const result = {
      success: false,
      status: 'disconnected',
      steps: [
        { step: 'address', ok: false },
        { skipped: true },
        { skipped: true },
        { skipped: true },
        { skipped: true },
      ],
      error_details: { code: 'UNAVAILABLE', remedy: 'retry' },
    }
    expect((await configured).body).toMatchObject({ success: true, connection_test_result: result })
    for (const answer of await Promise.all(tested)) expect(answer.body).toMatchObject(result)
    expectProblem(await refused, 'UNAVAILABLE')
    const show = async (id: string) => (await rig.call('GET', `/api/v1/equipment/${id}`)).body.iot_enabled
    expect([await show(stored), await show(required)]).toEqual([true, false])
  })
})
