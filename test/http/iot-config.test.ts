import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { type ModbusSimulator, startModbusSimulator } from '../../connectors/modbus/simulator.ts'
import { soon } from '../setup/soon.ts'
import { freePort, modbusBody, point, restBody } from './configurations.ts'
import { expectProblem } from './expect-problem.ts'
import { type HttpRig, startHttpRig } from './http-rig.ts'

let rig: HttpRig
const machines: ModbusSimulator[] = []
beforeAll(async () => {
  rig = await startHttpRig({ worker: 'holds every shard' })
})
afterEach(async () => {
  await Promise.all(machines.splice(0).map((machine) => machine.stop()))
})
afterAll(() => rig.stop())

async function simulate(): Promise<ModbusSimulator> {
  const machine = await startModbusSimulator({ units: { 1: { holding: { 256: [1805] } } } })
  machines.push(machine)
  return machine
}

const configure = (id: string, given: object, query = '') =>
  rig.call('POST', `/api/v1/equipment/${id}/iot-config${query}`, { body: given })
const show = async (id: string) => (await rig.call('GET', `/api/v1/equipment/${id}`)).body

describe('iot-config', () => {
  it('tests, stores and tells, and the machine is polled', async () => {
    const { port } = await simulate()
    const id = await rig.machine('Proofer')
    const { status, body: answer } = await configure(id, modbusBody(port))
    expect(status).toBe(200)
    expect(answer).toMatchObject({
      success: true,
      equipment_id: id,
      connection_test_result: {
        success: true,
        status: 'connected',
        supported_features: expect.arrayContaining(['read', 'write']),
        reading: { temperature: 180.5 },
      },
    })
    expect(answer.message).toMatch(/^Proofer is configured and answered in [\d.]+ ms$/)
    expect(answer.connection_test_result.steps.map((step: { step: string }) => step.step)).toEqual([
      'address',
      'reachable',
      'slot',
      'read',
      'plausible',
    ])
    expect(await show(id)).toMatchObject({
      iot_enabled: true,
      iot_protocol: 'modbus',
      iot_endpoint: '127.0.0.1',
      iot_port: port,
      poll_interval_seconds: 1,
    })
    await vi.waitFor(async () => expect((await show(id)).iot_connection_status).toBe('connected'), soon)
  })

  it('stores a machine that does not answer, and says why it does not', async () => {
    const id = await rig.machine()
    const { status, body: answer } = await configure(id, modbusBody(await freePort()))
    expect(status).toBe(200)
    expect(answer.success).toBe(true)
    expect(answer.message).toMatch(/could not be read now/)
    expect(answer.connection_test_result).toMatchObject({
      success: false,
      status: 'disconnected',
      error_details: { code: 'UNREACHABLE', remedy: 'retry' },
    })
    const steps = answer.connection_test_result.steps.map(
      ({ step, ok, skipped }: { step: string; ok: boolean; skipped?: boolean }) => [step, ok, skipped ?? false],
    )
    expect(steps).toEqual([
      ['address', true, false],
      ['reachable', false, false],
      ['slot', false, true],
      ['read', false, true],
      ['plausible', false, true],
    ])
    expect(answer.connection_test_result.steps[1].advice).toMatch(/switched on.*firewall/)
    expect(await show(id)).toMatchObject({ iot_enabled: true, iot_protocol: 'modbus' })
    await vi.waitFor(async () => expect((await show(id)).iot_connection_error?.code).toBe('UNREACHABLE'), soon)
  })

  it('stores nothing that does not answer where a connection is required', async () => {
    const id = await rig.machine()
    const answer = await configure(id, modbusBody(await freePort()), '?require_connection=true')
    expectProblem(answer, 'CONNECTION_FAILED')
    expect(await show(id)).toMatchObject({ iot_enabled: false, iot_protocol: null })
    expectProblem(await rig.call('GET', `/api/v1/equipment/${id}/iot-config`), 'NOT_FOUND')
  })

  it.each([['10.0.0'], ['169.254.169.254'], ['0.0.0.0'], ['::ffff:169.254.169.254']])(
    'never stores the address %s',
    async (endpoint) => {
      const id = await rig.machine()
      const answer = await configure(id, modbusBody(80, { endpoint }))
      expect(expectProblem(answer, 'ADDRESS_REFUSED', 'CONFIG_INVALID')).toEqual(['endpoint'])
      expect((await show(id)).iot_protocol).toBeNull()
    },
  )

  it('derives what the machine can tell from its points', async () => {
    const id = await rig.machine()
    const zone = (name: string) => ({ ...point, metric: `temperature_zones.${name}` })
    const points = [zone('top'), zone('bottom'), { ...point, metric: 'humidity' }, { ...point, metric: 'power_kw' }]
    await configure(
      id,
      modbusBody(await freePort(), { supports_realtime: false, additional_config: { timeout: 0.2, points } }),
    )
    expect(await show(id)).toMatchObject({
      temperature_zones: 2,
      supports_humidity: true,
      supports_energy_monitoring: true,
      supports_realtime: false,
      supports_remote_control: false,
    })
  })

  it('takes the name of a profile as protocol', async () => {
    const id = await rig.machine()
    const given = {
      protocol: 'eastron-sdm630',
      endpoint: '127.0.0.1',
      port: await freePort(),
      additional_config: { timeout: 0.2 },
    }
    expect((await configure(id, given)).status).toBe(200)
    const { body: stored } = await rig.call('GET', `/api/v1/equipment/${id}/iot-config`)
    expect(stored).toMatchObject({ protocol: 'eastron-sdm630', additional_config: { profile: 'eastron-sdm630' } })
    expect((await configure(id, stored)).status).toBe(200)
    expect(await show(id)).toMatchObject({ iot_protocol: 'eastron-sdm630', supports_energy_monitoring: true })
  })

  it('is replaced as a whole by another one', async () => {
    const [first, second] = [await simulate(), await simulate()]
    const id = await rig.machine()
    await configure(id, modbusBody(first.port, { poll_interval_seconds: 5 }))
    await configure(id, modbusBody(second.port, { poll_interval_seconds: undefined }))
    expect(await show(id)).toMatchObject({ iot_port: second.port, poll_interval_seconds: 30 })
  })

  it('is paused and resumed', async () => {
    const { port } = await simulate()
    const id = await rig.machine()
    await configure(id, modbusBody(port))
    const switchTo = (iot_enabled: boolean) => rig.call('PATCH', `/api/v1/equipment/${id}`, { body: { iot_enabled } })
    expect((await switchTo(false)).body).toMatchObject({ iot_enabled: false, iot_connection_status: 'paused' })
    expectProblem(await rig.call('GET', `/api/v1/equipment/${id}/realtime-data?fresh=true`), 'CONFLICT')
    expect((await switchTo(true)).body).toMatchObject({ iot_enabled: true, iot_connection_status: 'connecting' })
    await vi.waitFor(async () => expect((await show(id)).iot_connection_status).toBe('connected'), soon)
  })

  it('is forgotten with its secret', async () => {
    const id = await rig.machine()
    await configure(id, restBody(await freePort()))
    expect((await rig.call('DELETE', `/api/v1/equipment/${id}/iot-config`)).status).toBe(204)
    expect(await show(id)).toMatchObject({
      iot_enabled: false,
      iot_protocol: null,
      iot_endpoint: null,
      iot_config: null,
      iot_connection_status: 'unconfigured',
    })
    const [row] = await rig.database.bulk`select iot_credentials from equipment where id = ${id}`
    expect(row?.['iot_credentials']).toBeNull()
    for (const method of ['DELETE', 'GET'] as const) {
      const again = await rig.call(method, `/api/v1/equipment/${id}/iot-config`)
      expectProblem(again, 'NOT_FOUND')
      expect(again.body.detail).toBe('Oven is not configured')
    }
  })

  it('of a machine that does not exist is not found', async () => {
    const url = `/api/v1/equipment/${crypto.randomUUID()}/iot-config`
    for (const method of ['GET', 'DELETE'] as const) expectProblem(await rig.call(method, url), 'NOT_FOUND')
    expectProblem(await rig.call('POST', url, { body: modbusBody(502) }), 'NOT_FOUND')
  })

  it('may name another machine on the same link only with the same settings', async () => {
    const port = await freePort()
    const [one, other] = [await rig.machine('Steamer'), await rig.machine()]
    const strict = restBody(port, { endpoint: 'https://127.0.0.1' })
    expect((await configure(one, strict)).status).toBe(200)
    const lax = { ...strict, additional_config: { ...strict.additional_config, verify_ssl: false } }
    const answer = await configure(other, lax)
    expect(expectProblem(answer, 'LINK_CONFLICT')).toEqual(['additional_config.verify_ssl'])
    expect(answer.body.detail).toMatch(/^Steamer uses the same link/)
    expect((await configure(other, strict)).status).toBe(200)
  })

  it('may name another unit behind the same gateway only with the same framing', async () => {
    const { port } = await simulate()
    const [one, other] = [await rig.machine('Proofer'), await rig.machine()]
    expect((await configure(one, modbusBody(port))).status).toBe(200)
    const of = (more: object) =>
      modbusBody(port, { additional_config: { ...modbusBody(port).additional_config, unit_id: 2, ...more } })
    const answer = await configure(other, of({ framing: 'rtu_over_tcp' }))
    expect(expectProblem(answer, 'LINK_CONFLICT')).toEqual(['additional_config.framing'])
    expect(answer.body.detail).toBe('Proofer uses the same link with another framing')
    expect((await configure(other, of({}))).status).toBe(200)
  })
})

describe('poll_cron', () => {
  const cron = (expression: string) => ({ expression, timezone: 'UTC' })

  it('takes the place of the interval, is sent back as it is shown, and ends with null', async () => {
    const { port } = await simulate()
    const id = await rig.machine()
    const poll_cron = cron('*/5 4-20 * * 1-6')
    expect((await configure(id, modbusBody(port, { poll_cron, poll_interval_seconds: 1 }))).status).toBe(200)
    expect(await show(id)).toMatchObject({ poll_cron, poll_interval_seconds: 300 })
    const { body: stored } = await rig.call('GET', `/api/v1/equipment/${id}/iot-config`)
    expect((await configure(id, stored)).status).toBe(200)
    expect(await show(id)).toMatchObject({ poll_cron, poll_interval_seconds: 300 })
    await configure(id, { ...stored, poll_cron: cron('0 5 * * 1') })
    expect((await show(id)).poll_interval_seconds).toBe(86_400)
    await configure(id, { ...stored, poll_cron: null, poll_interval_seconds: 7 })
    expect(await show(id)).toMatchObject({ poll_cron: null, poll_interval_seconds: 7 })
  })
})

describe('a secret', () => {
  const masked = { username: '***', password: '***' }

  it('is never shown, and kept when its mask is sent back', async () => {
    const id = await rig.machine()
    const port = await freePort()
    await configure(id, restBody(port))
    const { body: stored } = await rig.call('GET', `/api/v1/equipment/${id}/iot-config`)
    expect(stored.credentials).toEqual(masked)
    expect((await configure(id, { ...stored, poll_interval_seconds: 7 })).status).toBe(200)
    expect((await rig.equipment.configuration(id))?.credentials).toEqual(restBody(port).credentials)
    expect((await show(id)).poll_interval_seconds).toBe(7)
  })

  it.each([
    ['host', (port: number) => ({ endpoint: 'http://localhost', port })],
    ['scheme', (port: number) => ({ endpoint: 'https://127.0.0.1', port })],
    ['port', (port: number) => ({ port: port === 1 ? 2 : 1 })],
  ])('must be given again for another %s', async (_name, change) => {
    const id = await rig.machine()
    const port = await freePort()
    await configure(id, restBody(port))
    const moved = restBody(port, { credentials: masked, ...change(port) })
    const paths = ['credentials.username', 'credentials.password']
    expect(expectProblem(await configure(id, moved), 'SECRET_REQUIRED')).toEqual(paths)
    const test = await rig.call('POST', `/api/v1/equipment/${id}/test-connection`, { body: moved })
    expect(expectProblem(test, 'SECRET_REQUIRED')).toEqual(paths)
    expect((await rig.equipment.configuration(id))?.row.iot_port).toBe(port)
  })

  it('that is sent to an address for tokens must be given again for another address', async () => {
    const id = await rig.machine()
    const port = await freePort()
    const given = (token_url: string, credentials: object) =>
      restBody(port, { credentials, additional_config: { token_url, points: [{ metric: 'humidity', pointer: '/h' }] } })
    const entered = { client_id: 'bakery', client_secret: 'secret' }
    const kept = { client_id: '***', client_secret: '***' }
    expect((await configure(id, given('http://127.0.0.1:1/token', entered))).status).toBe(200)
    expect((await configure(id, given('http://127.0.0.1:1/other/token', kept))).status).toBe(200)
    const moved = given('http://127.0.0.1:2/token', kept)
    const paths = ['credentials.client_id', 'credentials.client_secret']
    expect(expectProblem(await configure(id, moved), 'SECRET_REQUIRED')).toEqual(paths)
    const test = await rig.call('POST', `/api/v1/equipment/${id}/test-connection`, { body: moved })
    expect(expectProblem(test, 'SECRET_REQUIRED')).toEqual(paths)
    expect((await configure(id, given(`http://127.0.0.1:${port}/token`, kept))).status).toBe(200)
    expect((await rig.equipment.configuration(id))?.credentials).toEqual(entered)
  })

  it('that was never stored cannot be kept', async () => {
    const id = await rig.machine()
    expect(
      expectProblem(await configure(id, restBody(1, { credentials: { token: '***' } })), 'SECRET_REQUIRED'),
    ).toEqual(['credentials.token'])
  })

  it('appears in no answer, no log of changes and no plain column', async () => {
    const id = await rig.machine()
    const port = await freePort()
    const answers = [
      await configure(id, restBody(port)),
      await rig.call('GET', `/api/v1/equipment/${id}`),
      await rig.call('GET', '/api/v1/equipment?limit=500'),
      await rig.call('GET', `/api/v1/equipment/${id}/iot-config`),
      await rig.call('POST', `/api/v1/equipment/${id}/test-connection`),
      await configure(id, restBody(port, { credentials: { password: 'pw-canary-4711' } })),
      await configure(id, restBody(port, { credentials: { password: ['pw-canary-4711'] } })),
      await configure(id, restBody(port, { credentials: { pin: 'pw-canary-4711' } })),
    ]
    for (const { text } of answers) expect(text).not.toContain('canary')
    const stored = await rig.database.bulk`
      select equipment::text from equipment where id = ${id}
      union all select audit_log::text from audit_log
      union all select link_requests::text from link_requests`
    expect(stored.length).toBeGreaterThan(1)
    const hex = Buffer.from('pw-canary-4711').toString('hex')
    for (const row of stored) expect(JSON.stringify(row)).not.toMatch(new RegExp(`canary|${hex}`))
  })
})

describe('test-connection', () => {
  const test = (id: string, given?: object) =>
    rig.call('POST', `/api/v1/equipment/${id}/test-connection`, given ? { body: given } : {})

  it('tries a configuration without storing it', async () => {
    const { port } = await simulate()
    const id = await rig.machine()
    expect((await test(id, modbusBody(port))).body).toMatchObject({
      success: true,
      status: 'connected',
      reading: { temperature: 180.5 },
    })
    expect((await show(id)).iot_protocol).toBeNull()
  })

  it('tries the stored configuration when it is given none', async () => {
    const { port } = await simulate()
    const id = await rig.machine()
    expectProblem(await test(id), 'CONFLICT')
    await configure(id, modbusBody(port))
    expect((await test(id)).body).toMatchObject({ success: true, status: 'connected' })
  })

  it('tries the stored secret', async () => {
    const id = await rig.machine()
    await configure(id, restBody(await freePort()))
    expect((await test(id)).body).toMatchObject({ success: false, error_details: { code: 'UNREACHABLE' } })
  })

  it('tells about an address that may not be dialled', async () => {
    const { status, body: answer } = await test(await rig.machine(), modbusBody(80, { endpoint: '169.254.169.254' }))
    expect(status).toBe(200)
    expect(answer).toMatchObject({
      success: false,
      status: 'error',
      error_details: { code: 'ADDRESS_REFUSED', remedy: 'fix-config' },
    })
  })

  it('refuses what iot-config would refuse', async () => {
    expect(expectProblem(await test(await rig.machine(), modbusBody(0)), 'CONFIG_INVALID')).toEqual(['port'])
    expectProblem(await test(crypto.randomUUID(), modbusBody(502)), 'NOT_FOUND')
  })

  it('of 60 at once answers each', async () => {
    const { port } = await simulate()
    const id = await rig.machine()
    const answers = await Promise.all(Array.from({ length: 60 }, () => test(id, modbusBody(port))))
    expect(answers.map((answer) => answer.body.success)).toEqual(answers.map(() => true))
  })
})
