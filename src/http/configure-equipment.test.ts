import { describe, expect, it } from 'vitest'
import { createRegistry, kit, type Profile } from '#connector'
import { BakewireError } from '#core'
import type { ConfiguredEquipment } from '#store'
import { acceptConfiguration } from './accept-configuration.ts'
import {
  configurationRecord,
  keepSecrets,
  maskedNames,
  refuseContradictions,
  testPatienceMs,
  toStored,
} from './configure-equipment.ts'
import { asStored, readingRecord } from './reading-record.ts'

const id = '6f1c1f2e-9d1f-4a53-9a6b-0a54f7f7a111'

const profile = (profileId: string): Profile<{ key: string }> => ({
  id: profileId,
  title: profileId,
  manufacturer: 'Acme',
  model: profileId,
  source: 'a made-up list',
  points: [{ metric: 'humidity', address: { key: 'h' } }],
})

const { z, field, defineConnector } = kit
const cloud = defineConnector({
  id: 'cloud',
  aliases: ['acme'],
  title: 'Acme cloud',
  source: 'a made-up protocol',
  endpoint: field.host(),
  port: field.port(443),
  credentials: z.strictObject({ user: field.secret().optional(), password: field.secret().optional() }),
  settings: z.strictObject({ account: z.string().default('main') }),
  address: z.strictObject({ key: z.string() }),
  check: ({ credentials }) =>
    credentials.user === 'nobody' ? [{ path: 'credentials.user', message: 'must be somebody' }] : [],
  timeoutSecondsDefault: 2,
  profiles: [profile('acme-steamer'), profile('acme-oven')],
  linkKey: ({ endpoint, port }) => `cloud:${endpoint}:${port}`,
  linkSettings: ({ settings, credentials }) => ({ account: settings.account, password: credentials.password }),
  open: async () => ({}),
  close: () => undefined,
})
const other = defineConnector({
  ...cloud,
  id: 'other',
  aliases: [],
  profiles: [],
  pointsOf: () => [],
  title: 'Other',
  open: async () => ({}),
  close: () => undefined,
})
const registry = createRegistry([cloud, other])

const points = [{ metric: 'temperature', key: 't' }]
const body = {
  protocol: 'cloud',
  endpoint: 'acme.example',
  credentials: { user: 'a', password: 'secret' },
  additional_config: { points },
}
const accept = (changes: object = {}) => acceptConfiguration(registry, id, { ...body, ...changes })

function saved(changes: object = {}, name = 'Saved'): ConfiguredEquipment {
  const stored = toStored(accept(changes))
  const now = new Date(0)
  return {
    credentials: stored.credentials,
    row: {
      ...stored.derived,
      id,
      name,
      type: 'other',
      site: null,
      location: null,
      manufacturer: null,
      model: null,
      serial_number: null,
      installed_on: null,
      metadata: {},
      iot_enabled: true,
      iot_protocol: stored.protocol,
      iot_endpoint: stored.endpoint,
      iot_port: stored.port,
      iot_credentials: null,
      iot_config: { ...stored.config },
      iot_connection_status: 'connected',
      iot_connection_error: null,
      iot_last_connected: null,
      iot_configured_at: now,
      poll_interval_seconds: stored.pollIntervalSeconds,
      poll_cron: stored.pollCron ?? null,
      firmware_version: null,
      link_key: stored.linkKey,
      shard: 0,
      config_revision: 1,
      created_at: now,
      updated_at: now,
    },
  }
}

function refusal(act: () => unknown) {
  try {
    act()
  } catch (error) {
    if (error instanceof BakewireError) return { code: error.code, paths: error.errors.map((fault) => fault.path) }
    throw error
  }
  return 'accepted'
}

describe('acceptConfiguration', () => {
  it('fills in what was left out', () => {
    const accepted = accept()
    expect(accepted).toMatchObject({ protocol: 'cloud', supportsRealtime: true, pollIntervalSeconds: 30 })
    expect(accepted.target).toMatchObject({ endpoint: 'acme.example', port: 443, timeoutMs: 2_000 })
  })

  it('takes an alias, and keeps the name that was given', () => {
    expect(accept({ protocol: 'acme' })).toMatchObject({ protocol: 'acme', connector: { id: 'cloud' } })
  })

  it.each([
    { additional_config: {} },
    { additional_config: undefined },
    { additional_config: { profile: 'acme-oven' } },
  ])('takes the name of a profile as protocol with %j', (changes) => {
    const accepted = accept({ protocol: 'acme-oven', ...changes })
    expect(accepted).toMatchObject({ protocol: 'acme-oven', config: { profile: 'acme-oven' } })
    expect(accepted.target.points.map((point) => point.metric)).toEqual(['humidity'])
  })

  it.each([
    ['an unknown protocol', { protocol: 'telepathy' }, 'CONFIG_INVALID', ['protocol']],
    ['a name of Object.prototype as protocol', { protocol: 'constructor' }, 'CONFIG_INVALID', ['protocol']],
    ['no protocol', { protocol: undefined }, 'REQUEST_MALFORMED', ['protocol']],
    ['a number as protocol', { protocol: 5 }, 'REQUEST_MALFORMED', ['protocol']],
    ['an unknown field', { colour: 'red' }, 'REQUEST_MALFORMED', ['colour']],
    ['a port that is text', { port: '502' }, 'REQUEST_MALFORMED', ['port']],
    ['a port out of range', { port: 65_536 }, 'CONFIG_INVALID', ['port']],
    ['an interval of 0', { poll_interval_seconds: 0 }, 'CONFIG_INVALID', ['poll_interval_seconds']],
    [
      'another profile than the protocol names',
      { protocol: 'acme-oven', additional_config: { profile: 'acme-steamer' } },
      'CONFIG_INVALID',
      ['additional_config.profile'],
    ],
    ['a list as additional_config', { additional_config: [] }, 'REQUEST_MALFORMED', ['additional_config']],
    ['what the connector itself refuses', { credentials: { user: 'nobody' } }, 'CONFIG_INVALID', ['credentials.user']],
    [
      'several faults at once',
      { port: 0, poll_interval_seconds: '5', colour: 'red' },
      'REQUEST_MALFORMED',
      ['poll_interval_seconds', 'colour', 'port'],
    ],
  ])('refuses %s', (_name, changes, code, paths) => {
    expect(refusal(() => accept(changes))).toEqual({ code, paths })
  })
})

describe('keepSecrets', () => {
  const masked = { credentials: { user: 'b', password: '***' } }

  it('leaves a configuration without masks as it is', () => {
    const accepted = accept()
    expect(keepSecrets(accepted, undefined, registry)).toBe(accepted)
  })

  it('puts the stored secret in the place of its mask, also in the target', () => {
    expect(maskedNames(accept(masked))).toEqual(['password'])
    const kept = keepSecrets(accept(masked), saved(), registry)
    expect(kept.credentials).toEqual({ user: 'b', password: 'secret' })
    expect(kept.target.credentials).toEqual({ user: 'b', password: 'secret' })
  })

  it('takes an alias or a profile of the same connector for the same target', () => {
    expect(keepSecrets(accept({ ...masked, protocol: 'acme' }), saved(), registry).credentials).toMatchObject({
      password: 'secret',
    })
  })

  it.each([
    ['another host', { endpoint: 'evil.example' }],
    ['another spelling of the host', { endpoint: 'ACME.example' }],
    ['another port', { port: 444 }],
    ['another protocol', { protocol: 'other' }],
  ])('asks for the secret again for %s', (_name, changes) => {
    const act = () => keepSecrets(accept({ ...masked, ...changes }), saved(), registry)
    expect(refusal(act)).toEqual({ code: 'SECRET_REQUIRED', paths: ['credentials.password'] })
  })

  it('asks for a secret that is not stored', () => {
    const act = () => keepSecrets(accept(masked), saved({ credentials: {} }), registry)
    expect(refusal(act)).toEqual({ code: 'SECRET_REQUIRED', paths: ['credentials.password'] })
    expect(refusal(() => keepSecrets(accept(masked), undefined, registry))).toMatchObject({ code: 'SECRET_REQUIRED' })
  })

  it('checks the configuration again with the secret in place', () => {
    const act = () =>
      keepSecrets(accept({ credentials: { user: '***' } }), { ...saved(), credentials: { user: 'nobody' } }, registry)
    expect(refusal(act)).toEqual({ code: 'CONFIG_INVALID', paths: ['credentials.user'] })
  })
})

describe('toStored', () => {
  it.each([
    [['temperature'], { temperature_zones: 0, supports_humidity: false, supports_energy_monitoring: false }],
    [['temperature_zones.a', 'temperature_zones.b'], { temperature_zones: 2 }],
    [['humidity'], { supports_humidity: true }],
    [['power_kw'], { supports_energy_monitoring: true }],
    [['energy_consumption_kwh'], { supports_energy_monitoring: true }],
    [['additional.humidity'], { supports_humidity: false }],
  ])('derives the flags of %j', (metrics, expected) => {
    const named = metrics.map((metric) => ({ metric, key: 'k' }))
    expect(toStored(accept({ additional_config: { points: named } })).derived).toMatchObject(expected)
  })

  it('derives the flags of a machine without points from what it gave', () => {
    const describing = createRegistry([{ ...cloud, describesItself: true }])
    const accepted = acceptConfiguration(describing, id, { ...body, additional_config: {} })
    const reading = readingRecord(
      asStored({
        equipmentId: id,
        readingTime: 0,
        sourceTime: null,
        values: { humidity: 31, temperature: 182.5 },
        zones: { top: 210, core: 71 },
        additional: { power_kw: 4 },
        quality: null,
      }),
    )
    const flags = { temperature_zones: 2, supports_humidity: true, supports_energy_monitoring: false }
    expect(toStored(accepted, reading).derived).toMatchObject(flags)
    const nothing = { temperature_zones: 0, supports_humidity: false, supports_energy_monitoring: false }
    expect(toStored(accepted).derived).toMatchObject(nothing)
  })
})

describe('refuseContradictions', () => {
  const act = (mine: object, theirs: object) =>
    refusal(() => refuseContradictions(accept(mine), [saved(theirs, 'Neighbour')], registry))

  it('accepts a neighbour that needs the same', () => {
    expect(act({}, { poll_interval_seconds: 5 })).toBe('accepted')
  })

  it('names the setting that differs', () => {
    expect(act({ additional_config: { points, account: 'x' } }, {})).toEqual({
      code: 'LINK_CONFLICT',
      paths: ['additional_config.account'],
    })
    expect(act({ credentials: { password: 'other' } }, {})).toEqual({
      code: 'LINK_CONFLICT',
      paths: ['credentials.password'],
    })
  })

  it('never tells the values, which may be secret', () => {
    const mine = accept({ credentials: { password: 'mine-canary' } })
    const theirs = saved({ credentials: { password: 'their-canary' } })
    expect(() => refuseContradictions(mine, [theirs], registry)).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('canary') }),
    )
  })

  it('passes over a neighbour whose configuration is not understood any more', () => {
    const theirs = saved({ additional_config: { points, account: 'x' } })
    const outdated = { ...theirs, row: { ...theirs.row, iot_config: { gone: true } } }
    const unknown = { ...theirs, row: { ...theirs.row, iot_protocol: 'gone' } }
    expect(refusal(() => refuseContradictions(accept(), [outdated, unknown], registry))).toBe('accepted')
  })
})

it('shows a stored configuration in the form in which it can be sent back', () => {
  const record = configurationRecord(saved())
  expect(record.credentials).toEqual({ user: '***', password: '***' })
  const again = keepSecrets(acceptConfiguration(registry, id, record), saved(), registry)
  expect(toStored(again)).toEqual(toStored(accept()))
})

it.each([
  [2_000, 12_000],
  [60_000, 60_000],
])('waits for the test of a machine that has %d ms to answer at most %d ms', (timeoutMs, expected) => {
  expect(testPatienceMs({ timeoutMs })).toBe(expected)
})
