import { z } from 'zod'
import { BakewireError, limits, type PathFault, placeOf } from '#core'
import { checking, lacksDiscriminator } from './checking.ts'
import type { Connector, Point, Target } from './definition.ts'
import { pointFaults } from './point-faults.ts'
import { findProfile, mergedSettings, withProfileSettings } from './profile-settings.ts'
import { givenLimits, qualityField } from './quality-field.ts'
import { sharedAddress } from './shared-address.ts'
import { writableField } from './writable.ts'

/** A configuration as it came over the wire, still unchecked below the top level. */
export interface Configuration {
  readonly endpoint: unknown
  readonly port?: unknown
  readonly credentials?: unknown
  readonly additional_config?: unknown
}

const metricField = z
  .string()
  .max(100)
  .refine(
    (metric) => placeOf(metric) !== undefined,
    'must be a canonical field, temperature_zones.<name> or additional.<key>',
  )
  .meta({ title: 'Metric', description: 'Canonical field, temperature_zones.<name> or additional.<key>.' })

const neverWritten = z
  .never({ error: 'is for connectors that can write, and this one cannot' })
  .meta({ title: 'May be written' })

/** The schema of one point of this connector: its address fields, with what the connector refuses of their combinations, and what all points have. */
export function pointSchema(connector: Connector) {
  return z
    .strictObject({
      metric: metricField,
      unit: z
        .string()
        .min(1)
        .max(20)
        .optional()
        .meta({ title: 'Unit', description: 'UCUM unit that the machine gives.' }),
      words: z
        .record(z.string().max(100), z.string().min(1).max(100))
        .refine((words) => Object.keys(words).length <= 64, 'has more than 64 entries')
        .optional()
        .meta({ title: 'Words', description: 'What values mean: {"0": "closed", "1": "open"}.' }),
      write: (connector.write ? writableField : neverWritten).optional(),
      ...connector.address.shape,
    })
    .superRefine(({ metric: _metric, unit: _unit, words: _words, write: _write, ...address }, context) => {
      if (context.issues.length > 0) return
      for (const { path, message } of connector.address.safeParse(address).error?.issues ?? []) {
        context.addIssue({ code: 'custom', path, message, input: address })
      }
    })
    .meta({ title: 'Point' })
}

/** The whole configuration of this connector as one strict schema: what the API takes, the form shows and the docs say. */
export function configurationSchema(connector: Connector): ReturnType<typeof makeSchema> {
  const known = schemas.get(connector)
  if (known) return known
  const schema = makeSchema(connector)
  schemas.set(connector, schema)
  return schema
}

/** Making a schema costs far more than using it, and a fleet of thousands is parsed at every start. */
const schemas = new WeakMap<Connector, ReturnType<typeof makeSchema>>()

function makeSchema(connector: Connector) {
  const profileIds = connector.profiles.map((profile) => profile.id)
  return z.strictObject({
    endpoint: connector.endpoint,
    port: connector.port,
    credentials: connector.credentials.strict().prefault({}),
    additional_config: z
      .strictObject({
        ...connector.settings.shape,
        timeout: z
          .number()
          .min(0.1)
          .max(limits.timeoutSecondsMax)
          .default(connector.timeoutSecondsDefault)
          .meta({ title: 'Time-out', unit: 's', description: 'Longest wait for one answer of the machine.' }),
        profile: (profileIds.length > 0 ? z.enum(profileIds) : z.never())
          .optional()
          .meta({ title: 'Profile', description: 'A known machine whose points need not be typed.' }),
        points: z
          .array(pointSchema(connector))
          .max(limits.pointsPerEquipment)
          .default([])
          .meta({ title: 'Points', description: pointsMeaning(connector) }),
        quality: qualityField,
      })
      .prefault({}),
  })
}

function pointsMeaning({ describesItself = false }: Connector): string {
  const meaning = "What to read; adds to or replaces the profile's points by metric."
  return describesItself ? `${meaning} None: what the machine gives under the names of metrics.` : meaning
}

/**
 * Checks a configuration and makes the connector's target of it. Throws CONFIG_INVALID (or REQUEST_MALFORMED where the
 * form itself is wrong) naming every fault by path. `no points`: none are needed, because it is not known yet what there is.
 */
export function parseTarget(
  connector: Connector,
  equipmentId: string,
  configuration: Configuration,
  wanted: 'points' | 'no points' = 'points',
): Target {
  const parsed = configurationSchema(connector).safeParse(withProfileSettings(connector, configuration), checking)
  if (!parsed.success) throw refused(parsed.error)
  const { endpoint, port, credentials, additional_config: additional } = parsed.data
  const { timeout, profile: profileId, points: own, quality, ...given } = additional
  const settings = mergedSettings(connector, configuration, connector.settings.parse(given))
  const points = mergePoints(
    [...connector.pointsOf(settings), ...profilePoints(connector, profileId)].map((point) =>
      complete(connector, point),
    ),
    own.map(({ metric, unit, words, write, ...address }) => ({
      metric,
      address: sharedAddress(metric, address),
      ...(unit === undefined ? {} : { unit }),
      ...(words === undefined ? {} : { words }),
      ...(write === undefined ? {} : { write }),
    })),
  )
  const target: Target = {
    equipmentId,
    endpoint,
    port: connector.portOf?.(endpoint, port) ?? port,
    credentials,
    settings,
    timeoutMs: timeout * 1000,
    points,
    ...(quality === undefined ? {} : { quality: givenLimits(quality) }),
  }
  const missing = wanted === 'points' ? noPointsFault(connector, points) : []
  const faults = [...pointFaults(own), ...missing, ...connector.check(target)]
  if (faults.length > 0) throw new BakewireError('CONFIG_INVALID', summary(faults), { errors: faults })
  return target
}

function profilePoints(connector: Connector, id: string | undefined): readonly Point[] {
  const profile = id === undefined ? undefined : findProfile(connector, id)
  return profile?.points ?? []
}

/** A point of our own, with the defaults of what it does not say. It gives no leave to write: that is the user's to give. */
function complete(connector: Connector, { write: _, ...point }: Point): Point {
  if (!placeOf(point.metric)) throw new Error(`${connector.id} knows a point of ${point.metric}, which is no metric`)
  const [fault] = pointFaults([point])
  if (fault)
    throw new Error(
      `${connector.id} knows a point of ${point.metric} whose ${fault.path.split('.').at(-1)} ${fault.message}`,
    )
  return { ...point, address: sharedAddress(point.metric, connector.address.parse(point.address)) }
}

function noPointsFault({ describesItself = false }: Connector, points: readonly Point[]): PathFault[] {
  if (points.length > 0 || describesItself) return []
  return [{ path: 'additional_config.points', message: 'must name at least one point, or a profile must be given' }]
}

function mergePoints(inherited: readonly Point[], own: readonly Point[]): Point[] {
  const byMetric = new Map(inherited.map((point) => [point.metric, point]))
  for (const point of own) byMetric.set(point.metric, point)
  return [...byMetric.values()]
}

/** zod's issues as path faults: 400 where the form is wrong (type, unknown field), 422 where a value is refused. */
export function refused(error: z.ZodError): BakewireError {
  const errors = error.issues.flatMap(issueFaults)
  const malformed = error.issues.some(isOfForm)
  return new BakewireError(malformed ? 'REQUEST_MALFORMED' : 'CONFIG_INVALID', summary(errors), { errors })
}

/** Whether the form is at fault and not the value. A missing or wrongly typed choice is told as an invalid value by zod. */
function isOfForm(issue: z.core.$ZodIssue): boolean {
  if (issue.code === 'invalid_value') return typeof issue.input !== typeof issue.values[0]
  if (issue.code === 'invalid_union') return lacksDiscriminator(issue)
  return issue.code === 'invalid_type' || issue.code === 'unrecognized_keys'
}

function issueFaults(issue: z.core.$ZodIssue): PathFault[] {
  const path = pathText(issue.path)
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: path === '' ? key : `${path}.${key}`, message: 'is not a known field' }))
  }
  return [{ path, message: issue.message }]
}

function pathText(path: readonly PropertyKey[]): string {
  let text = ''
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`
    else text += text === '' ? String(part) : `.${String(part)}`
  }
  return text
}

function summary(faults: readonly PathFault[]): string {
  const [first] = faults
  if (!first) return 'The values are refused'
  const rest = faults.length > 1 ? ` (and ${faults.length - 1} more)` : ''
  return `${first.path === '' ? 'The body' : first.path}: ${first.message}${rest}`
}
