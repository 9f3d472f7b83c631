import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { publicUrlOf, readDemoSettings, readSettings, SettingsError } from './settings.ts'

const ring = (id: string) => `${id}:${randomBytes(32).toString('base64')}`

it('needs nothing', () => {
  expect(readSettings({})).toMatchObject({
    PORT: 3000,
    HOST: '127.0.0.1',
    LOG_LEVEL: 'info',
    CONNECTOR_DIRS: [],
    EGRESS_ALLOW: [],
  })
})

it('takes an empty variable for one that is not set', () => {
  expect(readSettings({ PORT: '', DATABASE_URL: '', ENCRYPTION_KEYS: '' }).PORT).toBe(3000)
})

it('keeps readings for a while and what they came to for ever, some sites apart', () => {
  expect(readSettings({ RETENTION_SITE_RAW_DAYS: 'north:30, 12:Main street:7' }).retention).toEqual({
    raw: 90,
    '1m': 400,
    '1h': 0,
    '1d': 0,
    connectionLogs: 90,
    closedAlerts: 1_100,
    auditLog: 0,
    sites: new Map([
      ['north', 30],
      ['12:Main street', 7],
    ]),
  })
})

it('reads a key ring in order', () => {
  const { ENCRYPTION_KEYS } = readSettings({ ENCRYPTION_KEYS: `${ring('new')},${ring('old')}` })
  expect(ENCRYPTION_KEYS?.map((key) => [key.id, key.key.length])).toEqual([
    ['new', 32],
    ['old', 32],
  ])
})

describe('refuses in one sentence that names the setting:', () => {
  const same = ring('k')
  it.each<[NodeJS.ProcessEnv, RegExp]>([
    [{ PORT: '99999' }, /^PORT .*65535/],
    [{ PORT: '-1' }, /^PORT /],
    [{ PORT: '3e3' }, /^PORT /],
    [{ PUBLIC_URL: 'http://bakery.example' }, /^PUBLIC_URL .*https/],
    [{ PUBLIC_URL: 'bakery' }, /^PUBLIC_URL /],
    [{ DATABASE_URL: 'mysql://x' }, /^DATABASE_URL .*postgres/],
    [{ DATABASE_URL: 'postgres://u:secret@db/x' }, /^ENCRYPTION_KEYS is needed/],
    [{ REDIS_URL: 'http://x' }, /^REDIS_URL .*redis/],
    [{ ROLE: 'boss' }, /^ROLE .*api/],
    [{ ROLE: 'worker' }, /^DATABASE_URL is needed with ROLE=worker/],
    [{ ENCRYPTION_KEYS: 'abc' }, /^ENCRYPTION_KEYS /],
    [{ ENCRYPTION_KEYS: `k:${randomBytes(16).toString('base64')}` }, /^ENCRYPTION_KEYS.*16 bytes/],
    [{ ENCRYPTION_KEYS: `k:${Buffer.alloc(32).toString('base64')}` }, /^ENCRYPTION_KEYS.*random/],
    [{ ENCRYPTION_KEYS: `${same},${same}` }, /^ENCRYPTION_KEYS.*twice/],
    [{ EGRESS_ALLOW: 'everything' }, /^EGRESS_ALLOW/],
    [{ ADMIN_API_KEY: 'too-short' }, /^ADMIN_API_KEY .*16/],
    [{ ADMIN_API_KEY: 'k'.repeat(30) }, /^ADMIN_API_KEY can be guessed/],
    [{ ADMIN_API_KEY: 'with spaces in it, but long enough' }, /^ADMIN_API_KEY /],
    [{ LOG_LEVEL: 'loud' }, /^LOG_LEVEL /],
    [{ RETENTION_RAW_DAYS: '-1' }, /^RETENTION_RAW_DAYS /],
    [{ RETENTION_RAW_DAYS: '500' }, /^RETENTION_1M_DAYS .*RETENTION_RAW_DAYS/],
    [{ RETENTION_RAW_DAYS: '0' }, /^RETENTION_1M_DAYS .*RETENTION_RAW_DAYS/],
    [{ RETENTION_1D_DAYS: '800' }, /^RETENTION_1D_DAYS .*RETENTION_1H_DAYS/],
    [{ RETENTION_SITE_RAW_DAYS: 'north' }, /^RETENTION_SITE_RAW_DAYS .*site:days/],
    [{ RETENTION_SITE_RAW_DAYS: 'north:0' }, /^RETENTION_SITE_RAW_DAYS .*one day/],
    [{ RETENTION_SITE_RAW_DAYS: 'north:91' }, /^RETENTION_SITE_RAW_DAYS: north /],
    [{ RETENTION_SITE_RAW_DAYS: 'north:1,north:2' }, /^RETENTION_SITE_RAW_DAYS .*twice/],
    [{ METRICS_PUBLIC: 'yes' }, /^METRICS_PUBLIC /],
  ])('%o', (env, sentence) => {
    expect(() => readSettings(env)).toThrow(SettingsError)
    expect(() => readSettings(env)).toThrow(sentence)
  })

  it('and never repeats a secret', () => {
    expect(() => readSettings({ DATABASE_URL: 'postgres://u:canary@db/x' })).not.toThrow(/canary/)
  })
})

it('makes links of PUBLIC_URL, without a doubled slash', () => {
  expect(publicUrlOf(readSettings({ PUBLIC_URL: 'https://bakery.example/' }))).toEqual({
    publicUrl: 'https://bakery.example',
    backlinkBaseUrl: 'https://bakery.example/backlink.html',
  })
  expect(publicUrlOf(readSettings({ BACKLINK_BASE_URL: 'https://aepiot.com/backlink.html' })).backlinkBaseUrl).toBe(
    'https://aepiot.com/backlink.html',
  )
})

it('lets the demo dial this machine, besides what is configured', () => {
  const key = randomBytes(32).toString('base64url')
  const settings = readDemoSettings(() => key, { EGRESS_ALLOW: '203.0.113.0/24' })
  expect(settings.EGRESS_ALLOW).toHaveLength(2)
  expect(settings.ADMIN_API_KEY).toBe(key)
})
