import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { modbusBody, point, restBody } from './configurations.ts'
import { expectProblem } from './expect-problem.ts'
import { type HttpRig, startHttpRig } from './http-rig.ts'

let rig: HttpRig
beforeAll(async () => {
  rig = await startHttpRig()
})
afterAll(() => rig.stop())

const configure = (id: string, given: object) => rig.call('POST', `/api/v1/equipment/${id}/iot-config`, { body: given })

const cron = (expression: string, timezone = 'Europe/Berlin') => ({ expression, timezone })

describe('iot-config refuses', () => {
  const refusal = async (changes: object, ...codes: Parameters<typeof expectProblem>[1][]) =>
    expectProblem(await configure(await rig.machine(), modbusBody(502, changes)), ...codes)
  const withPoint = (changes: object) => ({ additional_config: { points: [{ ...point, ...changes }] } })

  it.each([
    ['an interval of 0', { poll_interval_seconds: 0 }, 'CONFIG_INVALID', 'poll_interval_seconds'],
    ['an interval of -1', { poll_interval_seconds: -1 }, 'CONFIG_INVALID', 'poll_interval_seconds'],
    ['an interval of 0.5', { poll_interval_seconds: 0.5 }, 'REQUEST_MALFORMED', 'poll_interval_seconds'],
    ['an interval of 1e9', { poll_interval_seconds: 1e9 }, 'CONFIG_INVALID', 'poll_interval_seconds'],
    ['an interval of "5"', { poll_interval_seconds: '5' }, 'REQUEST_MALFORMED', 'poll_interval_seconds'],
    ['no cron', { poll_cron: cron('0 25 * * *') }, 'CONFIG_INVALID', 'poll_cron.expression'],
    ['a cron with seconds', { poll_cron: cron('0 0 5 * * *') }, 'CONFIG_INVALID', 'poll_cron.expression'],
    ['a cron of no day', { poll_cron: cron('0 5 30 2 *') }, 'CONFIG_INVALID', 'poll_cron.expression'],
    ['a cron of 1 KB', { poll_cron: cron(`${'0,'.repeat(500)}0 5 * * *`) }, 'CONFIG_INVALID', 'poll_cron.expression'],
    ['a cron of no zone', { poll_cron: { expression: '0 5 * * *' } }, 'REQUEST_MALFORMED', 'poll_cron.timezone'],
    ['a cron of another star', { poll_cron: cron('0 5 * * *', 'Mars/Base') }, 'CONFIG_INVALID', 'poll_cron.timezone'],
    ['a cron by offset', { poll_cron: cron('0 5 * * *', '+02:00') }, 'CONFIG_INVALID', 'poll_cron.timezone'],
    ['a cron as text', { poll_cron: '0 5 * * *' }, 'REQUEST_MALFORMED', 'poll_cron'],
    ['an unknown protocol', { protocol: 'telepathy' }, 'CONFIG_INVALID', 'protocol'],
    ['a protocol of 10 KB', { protocol: 'x'.repeat(10_000) }, 'CONFIG_INVALID', 'protocol'],
    ['port 0', { port: 0 }, 'CONFIG_INVALID', 'port'],
    ['port 65536', { port: 65_536 }, 'CONFIG_INVALID', 'port'],
    ['port "502"', { port: '502' }, 'REQUEST_MALFORMED', 'port'],
    ['port 502.5', { port: 502.5 }, 'REQUEST_MALFORMED', 'port'],
    ['port null', { port: null }, 'REQUEST_MALFORMED', 'port'],
    ['a host with a scheme', { endpoint: 'tcp://10.0.0.1' }, 'CONFIG_INVALID', 'endpoint'],
    ['a host with a port', { endpoint: '10.0.0.1:502' }, 'CONFIG_INVALID', 'endpoint'],
    ['an IPv6 host with a zone', { endpoint: 'fe80::1%eth0' }, 'CONFIG_INVALID', 'endpoint'],
    ['a host in Unicode', { endpoint: 'öfen.example' }, 'CONFIG_INVALID', 'endpoint'],
    ['a host in octal', { endpoint: '0177.0.0.1' }, 'CONFIG_INVALID', 'endpoint'],
    ['a host as one number', { endpoint: '2130706433' }, 'CONFIG_INVALID', 'endpoint'],
    ['an empty host', { endpoint: '' }, 'CONFIG_INVALID', 'endpoint'],
    ['no host', { endpoint: undefined }, 'REQUEST_MALFORMED', 'endpoint'],
    ['a list of hosts', { endpoint: ['10.0.0.1', '10.0.0.2'] }, 'REQUEST_MALFORMED', 'endpoint'],
    ['a template as host', { endpoint: '{{host}}' }, 'CONFIG_INVALID', 'endpoint'],
    ['another template as host', { endpoint: `\${host}` }, 'CONFIG_INVALID', 'endpoint'],
    ['a reference to itself', { $ref: '#' }, 'REQUEST_MALFORMED', '$ref'],
    [
      'a reference to itself inside',
      { additional_config: { points: [point], profile: { $ref: '#/additional_config' } } },
      'REQUEST_MALFORMED',
      'additional_config.profile',
    ],
    ['an unknown field', { timezone: 'Mars/Base' }, 'REQUEST_MALFORMED', 'timezone'],
    [
      'a setting of no connector',
      { additional_config: { points: [point], cron: '* * * * *' } },
      'REQUEST_MALFORMED',
      'additional_config.cron',
    ],
    [
      'two metrics of one name',
      { additional_config: { points: [point, point] } },
      'CONFIG_INVALID',
      'additional_config.points[1].metric',
    ],
    ['a unit that does not fit', withPoint({ unit: 'kWh' }), 'CONFIG_INVALID', 'additional_config.points[0].unit'],
    ['an unknown unit', withPoint({ unit: 'furlong' }), 'CONFIG_INVALID', 'additional_config.points[0].unit'],
    ['a scale of 0', withPoint({ scale: 0 }), 'CONFIG_INVALID', 'additional_config.points[0].scale'],
    ['a metric that is none', withPoint({ metric: 'colour' }), 'CONFIG_INVALID', 'additional_config.points[0].metric'],
    [
      'a metric that reaches into a prototype',
      withPoint({ metric: 'additional.__proto__' }),
      'CONFIG_INVALID',
      'additional_config.points[0].metric',
    ],
    ['no points at all', { additional_config: { points: [] } }, 'CONFIG_INVALID', 'additional_config.points'],
    [
      'an unknown profile',
      { additional_config: { profile: 'toaster' } },
      'CONFIG_INVALID',
      'additional_config.profile',
    ],
    [
      "a point where the machine's type forbids it, whatever else is forbidden",
      {
        protocol: 'dixell-xr75cx',
        additional_config: { points: [{ ...point, address: 0x0420 }], forbidden: [{ table: 'coil', address: 1 }] },
      },
      'CONFIG_INVALID',
      'additional_config.forbidden',
    ],
    [
      'a time-out of 0',
      { additional_config: { points: [point], timeout: 0 } },
      'CONFIG_INVALID',
      'additional_config.timeout',
    ],
    ['credentials that are a text', { credentials: 'secret' }, 'REQUEST_MALFORMED', 'credentials'],
    ['a configuration as list', { additional_config: [] }, 'REQUEST_MALFORMED', 'additional_config'],
  ] as const)('%s', async (_name, changes, code, path) => {
    expect(await refusal(changes, code)).toContain(path)
  })

  it('a scale of infinity', async () => {
    const text = JSON.stringify(modbusBody(502, withPoint({ scale: 12345 }))).replace('12345', '1e999')
    const answer = await rig.call('POST', `/api/v1/equipment/${await rig.machine()}/iot-config`, { body: text })
    expect(expectProblem(answer, 'REQUEST_MALFORMED')).toEqual(['additional_config.points[0].scale'])
  })

  it('10,000 points', async () => {
    const points = Array.from({ length: 10_000 }, (_, index) => ({ metric: `additional.p${index}` }))
    const given = { protocol: 'modbus', endpoint: '10.0.0.1', additional_config: { points } }
    const paths = expectProblem(
      await configure(await rig.machine(), given),
      'REQUEST_MALFORMED',
      'CONFIG_INVALID',
      'BODY_TOO_LARGE',
    )
    expect(paths.length).toBeLessThanOrEqual(101)
  })

  it.each([
    ['a secret that is an object', { token: { value: 'x' } }, 'REQUEST_MALFORMED'],
    ['a secret of 10 KB', { token: 'x'.repeat(10_000) }, 'CONFIG_INVALID'],
    ['a secret that is empty', { token: '' }, 'CONFIG_INVALID'],
    ['a secret of bytes', { token: '\u0001\u007f' }, 'CONFIG_INVALID'],
    ['a secret with a line break', { token: 'a\r\nX-Admin: 1' }, 'CONFIG_INVALID'],
  ] as const)('%s', async (_name, credentials, code) => {
    const paths = expectProblem(await configure(await rig.machine(), restBody(80, { credentials })), code)
    expect(paths[0]).toMatch(/^credentials\.token/)
  })

  it('a body of 10 MB', async () => {
    const answer = await configure(
      await rig.machine(),
      restBody(80, { credentials: { token: 'x'.repeat(10_000_000) } }),
    )
    expectProblem(answer, 'BODY_TOO_LARGE')
  })

  it('a regular expression that would never end, where there is none to give', async () => {
    const given = withPoint({ pattern: '^(a+)+$' })
    expect(await refusal(given, 'REQUEST_MALFORMED')).toContain('additional_config.points[0].pattern')
  })

  it('all faults of a configuration at once', async () => {
    const paths = await refusal(
      { port: 0, endpoint: 'a b', poll_interval_seconds: 0, colour: 'red', ...withPoint({ table: 'attic' }) },
      'REQUEST_MALFORMED',
    )
    expect(new Set(paths)).toEqual(
      new Set(['port', 'endpoint', 'poll_interval_seconds', 'colour', 'additional_config.points[0].table']),
    )
  })
})
