import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { BakewireError, limits } from '#core'
import { defineConnector } from './definition.ts'
import { describeConnector, maskCredentials } from './describe.ts'
import { field } from './field.ts'
import { type Configuration, parseTarget } from './parse.ts'

const connector = defineConnector({
  id: 'scale',
  title: 'Scale',
  source: 'its manual',
  endpoint: field.host(),
  port: field.port(4001),
  credentials: z.strictObject({ pin: field.secret({ title: 'PIN' }).optional() }),
  settings: z.strictObject({
    unit: z.int().min(1).max(9).default(1),
    slow: field.flag(false, { advanced: true }),
    load_max: z.int().min(0).default(100),
    closed: z
      .array(z.strictObject({ channel: z.int(), count: z.int().default(1) }))
      .max(2)
      .default([]),
  }),
  mergeWithProfile: { load_max: Math.min, closed: (known, own) => [...known, ...own] },
  address: z.strictObject({ channel: z.int().min(1).max(8) }),
  timeoutSecondsDefault: 2,
  profiles: [
    {
      id: 'acme-200',
      title: 'ACME 200',
      manufacturer: 'ACME',
      model: '200',
      source: 'its manual',
      settings: { unit: 3, load_max: 50, closed: [{ channel: 5 }] },
      points: [
        { metric: 'product_weight_kg', unit: 'g', address: { channel: 1 } },
        { metric: 'temperature', address: { channel: 2 } },
      ],
    },
  ],
  check: ({ settings }) => (settings.unit === 9 ? [{ path: 'additional_config.unit', message: 'is taken' }] : []),
  linkKey: ({ endpoint, port }) => `${endpoint}:${port}`,
  open: async () => ({}),
  close: () => undefined,
})

const points = [{ metric: 'product_weight_kg', channel: 1 }]
const parse = (configuration: Configuration) => parseTarget(connector, 'e', configuration)

function faultsOf(configuration: Configuration): { code: string; paths: string[] } {
  try {
    parse(configuration)
  } catch (error) {
    if (error instanceof BakewireError) return { code: error.code, paths: error.errors.map((fault) => fault.path) }
  }
  return { code: 'accepted', paths: [] }
}

it('fills in what was left out', () => {
  expect(parse({ endpoint: 'scale', additional_config: { points } })).toEqual({
    equipmentId: 'e',
    endpoint: 'scale',
    port: 4001,
    credentials: {},
    settings: { unit: 1, slow: false, load_max: 100, closed: [] },
    timeoutMs: 2000,
    points: [{ metric: 'product_weight_kg', address: { channel: 1 } }],
  })
})

it('takes no points where the machine describes itself', () => {
  const target = parseTarget({ ...connector, describesItself: true }, 'e', { endpoint: 'scale' })
  expect(target.points).toEqual([])
})

it("takes a profile's points and settings; own ones add to them or replace them by metric", () => {
  const own = [
    { metric: 'temperature', channel: 7, unit: '[degF]' },
    { metric: 'door_status', channel: 4, words: { '1': 'open', '0': 'closed' } },
  ]
  const target = parse({ endpoint: 'scale', additional_config: { profile: 'acme-200', points: own } })
  expect(target.settings).toMatchObject({ unit: 3 })
  expect(target.points).toEqual([
    { metric: 'product_weight_kg', unit: 'g', address: { channel: 1 } },
    { metric: 'temperature', unit: '[degF]', address: { channel: 7 } },
    { metric: 'door_status', words: { '1': 'open', '0': 'closed' }, address: { channel: 4 } },
  ])
  expect(parse({ endpoint: 'scale', additional_config: { profile: 'acme-200', unit: 5 } }).settings).toMatchObject({
    unit: 5,
  })
})

describe('settings that a profile and the user both give', () => {
  const merged = (given: object) =>
    parse({ endpoint: 'scale', additional_config: { profile: 'acme-200', ...given } }).settings

  it.each([
    ['less than the profile', { load_max: 20 }, { load_max: 20 }],
    ['more than the profile', { load_max: 80 }, { load_max: 50 }],
    [
      'something to add',
      { closed: [{ channel: 6 }] },
      { closed: [1, 1].map((count, at) => ({ channel: 5 + at, count })) },
    ],
    ['nothing to add', { closed: [] }, { closed: [{ channel: 5, count: 1 }] }],
    ['nothing', {}, { load_max: 50, closed: [{ channel: 5, count: 1 }] }],
    [
      'what is not there',
      { load_max: undefined, closed: undefined },
      { load_max: 50, closed: [{ channel: 5, count: 1 }] },
    ],
    ['one that is not merged', { unit: 5 }, { unit: 5, load_max: 50 }],
  ])('come together: %s', (_name, given, settings) => {
    expect(merged(given)).toMatchObject(settings)
  })

  it("keep the user's own bounds and paths", () => {
    const closed = [{ channel: 6 }, { channel: 7 }]
    expect(merged({ closed })).toMatchObject({ closed: [{ channel: 5 }, ...closed] })
    const config = (given: object) => ({ endpoint: 'scale', additional_config: { profile: 'acme-200', ...given } })
    expect(faultsOf(config({ closed: [...closed, ...closed] })).paths).toEqual(['additional_config.closed'])
    expect(faultsOf(config({ closed: [{ channel: 'x' }] })).paths).toEqual(['additional_config.closed[0].channel'])
    expect(faultsOf(config({ closed: null })).paths).toEqual(['additional_config.closed'])
  })

  it('are as given without a profile', () => {
    const { settings } = parse({ endpoint: 'scale', additional_config: { points, load_max: 80, closed: [] } })
    expect(settings).toMatchObject({ load_max: 80, closed: [] })
  })
})

describe('refuses', () => {
  const config = (additional_config: unknown): Configuration => ({ endpoint: 'scale', additional_config })
  const point = (change: object) => config({ points: [{ metric: 'temperature', channel: 1, ...change }] })
  it.each<[string, Configuration, string, string[]]>([
    ['no endpoint', { endpoint: undefined, additional_config: { points } }, 'REQUEST_MALFORMED', ['endpoint']],
    [
      'a port as text',
      { endpoint: 'scale', port: '502', additional_config: { points } },
      'REQUEST_MALFORMED',
      ['port'],
    ],
    ['port 0', { endpoint: 'scale', port: 0, additional_config: { points } }, 'CONFIG_INVALID', ['port']],
    ['an unknown field', config({ points, colour: 'red' }), 'REQUEST_MALFORMED', ['additional_config.colour']],
    ['an unknown field of a point', point({ adress: 1 }), 'REQUEST_MALFORMED', ['additional_config.points[0].adress']],
    [
      'a secret as an object',
      { endpoint: 'scale', credentials: { pin: {} }, additional_config: { points } },
      'REQUEST_MALFORMED',
      ['credentials.pin'],
    ],
    ['no points at all', config({}), 'CONFIG_INVALID', ['additional_config.points']],
    [
      'too many points',
      config({
        points: Array.from({ length: limits.pointsPerEquipment + 1 }, (_, index) => ({
          metric: `additional.p${index}`,
          channel: 1,
        })),
      }),
      'CONFIG_INVALID',
      ['additional_config.points'],
    ],
    [
      'two points for one metric',
      config({ points: [...points, ...points] }),
      'CONFIG_INVALID',
      ['additional_config.points[1].metric'],
    ],
    [
      'a metric that is none',
      point({ metric: 'temperatur' }),
      'CONFIG_INVALID',
      ['additional_config.points[0].metric'],
    ],
    [
      'a metric of the prototype',
      point({ metric: 'additional.__proto__' }),
      'CONFIG_INVALID',
      ['additional_config.points[0].metric'],
    ],
    ['a unit of something else', point({ unit: 'kWh' }), 'CONFIG_INVALID', ['additional_config.points[0].unit']],
    ['words for a number', point({ words: { a: 'b' } }), 'CONFIG_INVALID', ['additional_config.points[0].words']],
    [
      'words that are none of ours',
      point({ metric: 'door_status', words: { '1': 'ajar' } }),
      'CONFIG_INVALID',
      ['additional_config.points[0].words'],
    ],
    ['an unknown profile', config({ profile: 'acme-300' }), 'CONFIG_INVALID', ['additional_config.profile']],
    ['a time-out of nothing', config({ points, timeout: 0 }), 'CONFIG_INVALID', ['additional_config.timeout']],
    ["the connector's own objection", config({ points, unit: 9 }), 'CONFIG_INVALID', ['additional_config.unit']],
    [
      'limits of what is no number',
      config({ points, quality: { door_status: { max: 1 }, temperatur: { max: 1 }, temperature: { max: 1 } } }),
      'CONFIG_INVALID',
      ['additional_config.quality.door_status', 'additional_config.quality.temperatur'],
    ],
    [
      'limits that leave nothing',
      config({ points, quality: { temperature: { min: 5, max: 5 } } }),
      'CONFIG_INVALID',
      ['additional_config.quality.temperature'],
    ],
    [
      'limits that are not known',
      config({ points, quality: { temperature: { maximum: 5 } } }),
      'REQUEST_MALFORMED',
      ['additional_config.quality.temperature.maximum'],
    ],
    [
      'a skew that nobody can mean',
      config({ points, quality: { source_time: { max_skew_seconds: -1 } } }),
      'CONFIG_INVALID',
      ['additional_config.quality.source_time.max_skew_seconds'],
    ],
  ])('%s', (_, configuration, code, paths) => {
    expect(faultsOf(configuration)).toEqual({ code, paths })
  })

  it('everything at once, each fault by its path', () => {
    const { paths } = faultsOf({
      endpoint: 'a b',
      port: 70_000,
      additional_config: { timeout: 99, points: [{ metric: 'x', channel: 9 }] },
    })
    expect(paths).toEqual([
      'endpoint',
      'port',
      'additional_config.timeout',
      'additional_config.points[0].metric',
      'additional_config.points[0].channel',
    ])
  })
})

it('describes itself as JSON Schema, secrets marked', () => {
  const { configuration_schema, capabilities } = describeConnector(connector)
  expect(capabilities).toEqual([])
  expect(configuration_schema).toMatchObject({
    properties: {
      credentials: { properties: { pin: { 'x-secret': true, writeOnly: true, title: 'PIN' } } },
      additional_config: {
        properties: { timeout: { 'x-unit': 's', default: 2 }, slow: { 'x-ui': { advanced: true } } },
      },
    },
    required: ['endpoint'],
    additionalProperties: false,
  })
})

it('masks every credential', () => {
  expect(maskCredentials({ pin: '1234', user: 'x' })).toEqual({ pin: '***', user: '***' })
})

it('takes what somebody knows better of sensors and clock', () => {
  const temperature = { min: -30, max: 10, max_rate_per_minute: 5, flatline_minutes: 120 }
  const quality = { temperature, 'additional.co2': { optional: true }, source_time: { max_skew_seconds: 600 } }
  expect(parse({ endpoint: 'scale', additional_config: { points, quality } }).quality).toEqual({
    sensors: { temperature, 'additional.co2': { optional: true } },
    maxSkewMs: 600_000,
  })
})

describe('leave to write', () => {
  const writer = { ...connector, write: async () => [] }
  const faults = (point: object, of = writer) => {
    try {
      const additional_config = { points: [{ channel: 1, ...point }] }
      parseTarget(of, 'e', { endpoint: 'scale', additional_config })
    } catch (error) {
      if (error instanceof BakewireError) return error.errors.map(({ path, message }) => `${path} ${message}`)
    }
    return []
  }
  const words = { '0': 'off', '1': 'running', '2': 'running' }

  it.each([
    [{ metric: 'temperature', write: { min: 20, max: 250 } }],
    [{ metric: 'temperature_zones.top', write: { min: 20, max: 20 } }],
    [{ metric: 'additional.rate', write: { min: -1, max: 1 } }],
    [{ metric: 'additional.fan', write: true }],
    [{ metric: 'additional.programme', write: { words: ['Rolls', 'Rye'] } }],
    [{ metric: 'operational_status', write: { words: ['off', 'running'] } }],
    [{ metric: 'operational_status', words, write: { words: ['off'] } }],
    [{ metric: 'additional.state', words, write: { words: ['off'] } }],
  ])('is given by %j', (point) => {
    expect(faults(point)).toEqual([])
  })

  it.each([
    [{ metric: 'temperature', write: true }, 'write must be {"min": …, "max": …} for temperature'],
    [{ metric: 'temperature', write: { words: ['hot'] } }, 'write must be {"min": …, "max": …} for temperature'],
    [{ metric: 'operational_status', write: true }, 'write must be {"words": […]} for operational_status'],
    [{ metric: 'additional.state', words, write: true }, 'write must be {"words": […]} for additional.state'],
    [{ metric: 'operational_status', write: { words: ['unknown'] } }, 'write.words unknown is none of off, '],
    [{ metric: 'operational_status', write: { words: ['hot'] } }, 'write.words hot is none of off, '],
    [{ metric: 'operational_status', words, write: { words: ['ready'] } }, 'write.words ready has no value'],
    [{ metric: 'additional.state', words, write: { words: ['running'] } }, 'write.words running has several values'],
    [{ metric: 'temperature', write: { min: 2, max: 1 } }, 'write has a min above its max'],
    [{ metric: 'temperature', write: false }, 'write must be {"min": …, "max": …}, {"words'],
    [{ metric: 'temperature', write: { min: 1 } }, 'write must be {"min": …, "max": …}, {"words'],
    [{ metric: 'temperature', write: { min: 1, max: 2, step: 1 } }, 'write.step is not a known field'],
  ])('is not given by %j', (point, message) => {
    const found = faults(point)
    expect(found).toHaveLength(1)
    expect(found[0]?.startsWith(`additional_config.points[0].${message}`), found[0]).toBe(true)
  })

  it('is no field of what a connector has that cannot write', () => {
    expect(faults({ metric: 'additional.fan', write: true }, { ...connector, write: undefined } as never)).toEqual([
      'additional_config.points[0].write is for connectors that can write, and this one cannot',
    ])
  })

  it('is not given by what a profile says', () => {
    const profile = connector.profiles[0] ?? expect.fail('there is no profile')
    const points = profile.points.map((point) => ({ ...point, write: { min: 0, max: 1 } }))
    const eager = { ...writer, profiles: [{ ...profile, points }] }
    const target = parseTarget(eager, 'e', { endpoint: 'scale', additional_config: { profile: 'acme-200' } })
    for (const point of target.points) expect(point).not.toHaveProperty('write')
  })
})

it('needs no points where it is asked what there is', () => {
  expect(() => parse({ endpoint: 'scale' })).toThrow(/at least one point/)
  expect(parseTarget(connector, 'e', { endpoint: 'scale' }, 'no points').points).toEqual([])
})
