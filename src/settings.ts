import { resolve } from 'node:path'
import { z } from 'zod'
import { limits } from '#core'
import { type EgressRule, parseEgressAllow } from '#egress'
import type { KeyRing, Retention } from '#store'

/** A setting that is wrong or missing: its one sentence is all that the operator is shown. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
}

const integer = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be between ${min} and ${max}`)

const flag = z.enum(['true', 'false'], 'must be true or false').transform((text) => text === 'true')

/** Beyond a century PostgreSQL's dates would be the limit, not the disk. */
const days = integer(0, 36_500)

const databaseUrl = z
  .string()
  .refine((text) => /^postgres(ql)?:$/.test(URL.parse(text)?.protocol ?? ''), 'must be a postgres:// address')

const redisUrl = z
  .string()
  .refine((text) => /^rediss?:$/.test(URL.parse(text)?.protocol ?? ''), 'must be a redis:// or rediss:// address')

const webUrl = z
  .string()
  .refine((text) => /^https?:$/.test(URL.parse(text)?.protocol ?? ''), 'must be an http(s) address')
  .refine((text) => isSafeOrigin(text), 'must be https, except on this machine itself (localhost, 127.0.0.1)')
  .refine((text) => !/[?#@]/.test(text), 'must have no user, query or fragment: links are made by adding to it')
  .transform((text) => text.replace(/\/+$/, ''))

const environment = z.object({
  PORT: integer(0, 65_535).default(3000),
  HOST: z.string().min(1).default('127.0.0.1'),
  PUBLIC_URL: webUrl.optional(),
  DATABASE_URL: databaseUrl.optional(),
  NEW_DATABASE_URL: databaseUrl.optional(),
  REDIS_URL: redisUrl.optional(),
  DATA_DIR: z.string().min(1).default('./.bakewire'),
  SPOOL_MAX_MB: z.coerce
    .number('must be a number of MiB')
    .int('must be a whole number of MiB')
    .min(1, 'must be at least 1')
    .max(65_536, 'must be at most 65536')
    .default(limits.spoolBytesMax / 2 ** 20),
  ROLE: z.enum(['all', 'api', 'worker'], 'must be all, api or worker').default('all'),
  ADMIN_API_KEY: z
    .string()
    .regex(/^[\x21-\x7e]{16,200}$/, 'must have 16 to 200 visible ASCII characters')
    .refine((text) => new Set(text).size >= 8, 'can be guessed; make it of random characters')
    .optional(),
  ENCRYPTION_KEYS: z.string().optional(),
  EGRESS_ALLOW: z.string().default(''),
  BACKLINK_BASE_URL: z
    .string()
    .refine((text) => /^https?:$/.test(URL.parse(text)?.protocol ?? ''), 'must be an http(s) address')
    .optional(),
  CONNECTOR_DIRS: z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .filter((part) => part !== '')
        .map((part) => resolve(part)),
    ),
  RETENTION_RAW_DAYS: days.default(90),
  RETENTION_1M_DAYS: days.default(400),
  RETENTION_1H_DAYS: days.default(0),
  RETENTION_1D_DAYS: days.default(0),
  RETENTION_SITE_RAW_DAYS: z.string().default(''),
  RETENTION_CONNECTION_LOG_DAYS: days.default(90),
  RETENTION_ALERT_DAYS: days.default(1_100),
  RETENTION_AUDIT_DAYS: days.default(0),
  METRICS_PUBLIC: flag.default(false),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error'], 'must be debug, info, warn or error').default('info'),
})

type Environment = z.output<typeof environment>
type RetentionName = Extract<keyof Environment, `RETENTION_${string}`>

export type Settings = Omit<Environment, 'DATA_DIR' | 'ENCRYPTION_KEYS' | 'EGRESS_ALLOW' | RetentionName> & {
  readonly dataDir: string
  readonly retention: Retention
  readonly ENCRYPTION_KEYS: KeyRing | undefined
  readonly EGRESS_ALLOW: readonly EgressRule[]
}

/** Reads and checks the environment. Throws SettingsError with one sentence that names the setting. */
export function readSettings(env: NodeJS.ProcessEnv = process.env): Settings {
  // An empty variable, as a compose file leaves it, is one that is not set.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const parsed = environment.safeParse(given)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new SettingsError(`${String(issue?.path[0])} ${issue?.message}.`)
  }
  const { DATA_DIR, ENCRYPTION_KEYS, EGRESS_ALLOW, ...settings } = parsed.data
  if (settings.ROLE !== 'all' && settings.DATABASE_URL === undefined) {
    throw new SettingsError(
      `DATABASE_URL is needed with ROLE=${settings.ROLE}: the embedded database belongs to one process that does everything.`,
    )
  }
  if (settings.DATABASE_URL !== undefined && ENCRYPTION_KEYS === undefined) {
    throw new SettingsError(
      'ENCRYPTION_KEYS is needed with DATABASE_URL: id:base64 of 32 random bytes, for instance k1:$(openssl rand -base64 32).',
    )
  }
  return {
    ...settings,
    dataDir: resolve(DATA_DIR),
    retention: retentionOf(parsed.data),
    ENCRYPTION_KEYS: ENCRYPTION_KEYS === undefined ? undefined : parseKeyRing(ENCRYPTION_KEYS),
    EGRESS_ALLOW: egressRules(EGRESS_ALLOW),
  }
}

/** The settings of the demo: as configured, but its machines live on the loopback interface and its admin key is known. */
export function readDemoSettings(keyIn: (dataDir: string) => string, env: NodeJS.ProcessEnv = process.env): Settings {
  const { dataDir } = readSettings(env)
  const allowed = env['EGRESS_ALLOW'] ? `${env['EGRESS_ALLOW']},${loopback}` : loopback
  return readSettings({ ...env, EGRESS_ALLOW: allowed, ADMIN_API_KEY: keyIn(dataDir) })
}

const loopback = '127.0.0.0/8'

/** A history goes over to the next coarser resolution where a finer one ends, so that has to be there. */
function retentionOf(settings: Pick<Environment, RetentionName>): Retention {
  const levels = ['RETENTION_RAW_DAYS', 'RETENTION_1M_DAYS', 'RETENTION_1H_DAYS', 'RETENTION_1D_DAYS'] as const
  for (const [index, finer] of levels.entries()) {
    const coarser = levels[index + 1]
    if (coarser && lasting(settings[coarser]) < lasting(settings[finer])) {
      throw new SettingsError(`${coarser} must not be shorter than ${finer}; 0 is for ever.`)
    }
  }
  return {
    raw: settings.RETENTION_RAW_DAYS,
    '1m': settings.RETENTION_1M_DAYS,
    '1h': settings.RETENTION_1H_DAYS,
    '1d': settings.RETENTION_1D_DAYS,
    connectionLogs: settings.RETENTION_CONNECTION_LOG_DAYS,
    closedAlerts: settings.RETENTION_ALERT_DAYS,
    auditLog: settings.RETENTION_AUDIT_DAYS,
    sites: siteDays(settings),
  }
}

const lasting = (days: number): number => (days === 0 ? Number.POSITIVE_INFINITY : days)

/** `site:days,…`: the days stand after the last colon, so that a site's name may have some. */
function siteDays({ RETENTION_SITE_RAW_DAYS, RETENTION_RAW_DAYS }: Pick<Environment, RetentionName>) {
  const sites = new Map<string, number>()
  for (const entry of RETENTION_SITE_RAW_DAYS.split(',').filter((part) => part.trim() !== '')) {
    const [, site, digits] = /^(.+):(\d{1,5})$/.exec(entry.trim()) ?? []
    if (site === undefined || Number(digits) === 0) {
      throw new SettingsError('RETENTION_SITE_RAW_DAYS must be site:days,… with at least one day each.')
    }
    if (Number(digits) > lasting(RETENTION_RAW_DAYS)) {
      throw new SettingsError(`RETENTION_SITE_RAW_DAYS: ${site} must not be kept longer than RETENTION_RAW_DAYS.`)
    }
    if (sites.has(site)) throw new SettingsError(`RETENTION_SITE_RAW_DAYS has ${site} twice.`)
    sites.set(site, Number(digits))
  }
  return sites
}

function egressRules(text: string): EgressRule[] {
  try {
    return parseEgressAllow(text)
  } catch (error) {
    throw new SettingsError(error instanceof Error ? error.message : 'EGRESS_ALLOW cannot be read.')
  }
}

/** Under which address people reach us, and where backlinks lead: what is configured, else this machine itself. */
export function publicUrlOf({ PUBLIC_URL, PORT, BACKLINK_BASE_URL }: Settings): {
  publicUrl: string
  backlinkBaseUrl: string
} {
  const publicUrl = PUBLIC_URL ?? `http://localhost:${PORT}`
  return { publicUrl, backlinkBaseUrl: BACKLINK_BASE_URL ?? `${publicUrl}/backlink.html` }
}

/** `id:base64,…`: the first key encrypts, all decrypt. `source` is where the text comes from. Throws SettingsError. */
export function parseKeyRing(text: string, source = 'ENCRYPTION_KEYS'): KeyRing {
  const ring: { id: string; key: Buffer }[] = []
  for (const entry of text.split(',')) {
    const [, id, base64] = /^([A-Za-z0-9_-]{1,32}):([A-Za-z0-9+/_=-]+)$/.exec(entry.trim()) ?? []
    if (id === undefined || base64 === undefined) {
      throw new SettingsError(`${source} must be id:base64,… with ids of letters, digits, _ and -.`)
    }
    const key = Buffer.from(base64, 'base64')
    if (key.length !== 32) throw new SettingsError(`${source}: the key ${id} has ${key.length} bytes instead of 32.`)
    if (new Set(key).size < 8) throw new SettingsError(`${source}: the key ${id} is not random.`)
    if (ring.some((known) => known.id === id || known.key.equals(key))) {
      throw new SettingsError(`${source} has the id or the key of ${id} twice.`)
    }
    ring.push({ id, key })
  }
  return ring
}

function isSafeOrigin(text: string): boolean {
  const url = URL.parse(text)
  return url?.protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(url?.hostname ?? '')
}
