import { z } from 'zod'
import { type Connector, checking, parseTarget, type Registry, refused, type Target } from '#connector'
import { BakewireError, faultOfCron, isTimezone, limits, type PollCron, shortestWaitMs, toBakewireError } from '#core'
import { faultAt } from './fault-at.ts'

/** A configuration that its connector accepted, not yet stored. */
export interface AcceptedConfiguration {
  readonly connector: Connector
  readonly target: Target
  /** The name that was given: of the connector, an alias or a profile. */
  readonly protocol: string
  /** As given, with `***` where the stored secret is meant. */
  readonly credentials: Readonly<Record<string, unknown>>
  /** `additional_config` as given, with the profile that the protocol's name stands for. */
  readonly config: Readonly<Record<string, unknown>>
  readonly supportsRealtime: boolean
  /** Of a cron the shortest wait, as far as an interval may be that long. */
  readonly pollIntervalSeconds: number
  readonly pollCron: PollCron | null
  /** Whether it has to say what is read: not to look what there is. */
  readonly wanted: Wanted
}

type Wanted = 'points' | 'no points'

const pollCronSchema = z.strictObject({
  expression: z
    .string()
    .max(limits.cronCharsMax)
    .superRefine((expression, context) => {
      const message = faultOfCron(expression)
      if (message !== undefined) context.addIssue({ code: 'custom', message })
    })
    .meta({
      title: 'Cron',
      description:
        'Minute, hour, day of month, month, day of week. A time that the clocks skip is served when they have; a single time that they pass twice is served the first time.',
      examples: ['*/5 4-20 * * 1-6'],
    }),
  timezone: z
    .string()
    .max(64)
    .refine(isTimezone, 'must be the name of a time zone, such as Europe/Berlin')
    .meta({
      title: 'Time zone',
      description: 'Whose clock: a name of the IANA database.',
      examples: ['Europe/Berlin'],
    }),
})

/** The fields that all configurations share; the others are the connector's own. */
export const sharedFields = {
  protocol: z
    .string()
    .min(1)
    .max(64)
    .meta({ title: 'Protocol', description: 'Name of a connector, one of its aliases, or one of its profiles.' }),
  supports_realtime: z
    .boolean()
    .default(true)
    .meta({ title: 'Realtime', description: 'Whether live values make sense.' }),
  poll_interval_seconds: z
    .int()
    .min(limits.pollIntervalSecondsMin)
    .max(limits.pollIntervalSecondsMax)
    .default(limits.pollIntervalSecondsDefault)
    .meta({
      title: 'Poll interval',
      description:
        'Seconds from one poll to the next. With `poll_cron` it follows from it: its shortest wait, at most a day.',
    }),
  poll_cron: pollCronSchema.nullable().default(null).meta({
    title: 'Poll times',
    description: 'When to poll, in the place of the interval. Nothing is expected at other times.',
  }),
} as const

const envelopeSchema = z.strictObject({
  ...sharedFields,
  endpoint: z.unknown().optional(),
  port: z.unknown().optional(),
  credentials: z.unknown().optional(),
  additional_config: z.unknown().optional(),
})

type Body = Readonly<Record<string, unknown>>
type ConnectorParts = Omit<AcceptedConfiguration, 'supportsRealtime' | 'pollIntervalSeconds' | 'pollCron' | 'wanted'>

/** Checks a body as `iot-config` takes it. Throws REQUEST_MALFORMED or CONFIG_INVALID naming every fault by path. */
export function acceptConfiguration(
  registry: Registry,
  equipmentId: string,
  body: Body,
  wanted: Wanted = 'points',
): AcceptedConfiguration {
  const errors: BakewireError[] = []
  const envelope = collecting(errors, () => parseEnvelope(body))
  const parts = collecting(errors, () => parseParts(registry, equipmentId, { body, wanted }))
  if (!envelope || !parts) throw together(errors)
  const { supports_realtime: supportsRealtime, poll_interval_seconds: given, poll_cron: pollCron } = envelope
  const pollIntervalSeconds = pollCron === null ? given : intervalOf(pollCron)
  return { ...parts, supportsRealtime, pollIntervalSeconds, pollCron, wanted }
}

function intervalOf(cron: PollCron): number {
  return Math.min(shortestWaitMs(cron) / 1_000, limits.pollIntervalSecondsMax)
}

function parseEnvelope(body: Body): z.output<typeof envelopeSchema> {
  const parsed = envelopeSchema.safeParse(body, checking)
  if (!parsed.success) throw refused(parsed.error)
  return parsed.data
}

/** What the connector makes of its parts; `undefined` where the body names no protocol, which is the envelope's fault to tell. */
function parseParts(
  registry: Registry,
  equipmentId: string,
  { body, wanted }: { body: Body; wanted: Wanted },
): ConnectorParts | undefined {
  const { protocol, endpoint, port, credentials, additional_config } = body
  if (typeof protocol !== 'string') return undefined
  const { connector, profile } = registry.resolve(protocol)
  const config = profile === undefined ? additional_config : withProfile(additional_config, profile, protocol)
  const given = { endpoint, port, credentials, additional_config: config }
  const target = parseTarget(connector, equipmentId, given, wanted)
  return { connector, target, protocol, credentials: objectOrEmpty(credentials), config: objectOrEmpty(config) }
}

function withProfile(config: unknown, profile: string, protocol: string): unknown {
  if (config !== undefined && !isObject(config)) return config
  const given = config?.['profile']
  if (given !== undefined && given !== profile) {
    const message = `contradicts the protocol ${protocol}, which stands for the profile ${profile}`
    throw faultAt('CONFIG_INVALID', 'additional_config.profile', message)
  }
  return { ...config, profile }
}

function collecting<T>(errors: BakewireError[], check: () => T): T | undefined {
  try {
    return check()
  } catch (thrown) {
    errors.push(toBakewireError(thrown, 'checking a configuration'))
    return undefined
  }
}

/** One error of several: malformed where one is, with the faults of all. */
function together(errors: readonly BakewireError[]): BakewireError {
  const [first] = errors.toSorted((one, other) => one.status - other.status)
  if (!first || errors.length === 1)
    return first ?? new BakewireError('INTERNAL', 'a configuration was refused silently')
  return new BakewireError(first.code, errors.map((error) => error.message).join('; '), {
    errors: errors.flatMap((error) => error.errors),
  })
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function objectOrEmpty(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : {}
}
