import { isDeepStrictEqual } from 'node:util'
import { type Connector, mask, maskCredentials, parseTarget, type Registry, type Target } from '#connector'
import { BakewireError, canonicalMetricNames, limits, type PathFault } from '#core'
import type { ConfiguredEquipment, StoredConfiguration } from '#store'
import type { AcceptedConfiguration } from './accept-configuration.ts'
import type { ConnectionTest } from './connection-test.ts'

/** Names of the credentials that were sent back as they are shown. */
export function maskedNames({ credentials }: Pick<AcceptedConfiguration, 'credentials'>): string[] {
  return Object.keys(credentials).filter((name) => credentials[name] === mask)
}

/**
 * Puts stored secrets in the place of `***`. A secret only ever goes where it was given for: another protocol, host or
 * port, its own or of an address that tokens are got from, throws SECRET_REQUIRED, and so does a secret that is not stored.
 */
export function keepSecrets(
  accepted: AcceptedConfiguration,
  saved: ConfiguredEquipment | undefined,
  registry: Registry,
): AcceptedConfiguration {
  const names = maskedNames(accepted)
  if (names.length === 0) return accepted
  const kept = saved && isSameTarget(accepted, saved, registry) ? saved.credentials : {}
  const missing = names.filter((name) => !Object.hasOwn(kept, name))
  if (missing.length > 0) throw secretRequired(missing)
  const stored = Object.fromEntries(names.map((name) => [name, kept[name]]))
  const credentials = { ...accepted.credentials, ...stored }
  const { connector, config, wanted } = accepted
  const { equipmentId, endpoint, port } = accepted.target
  const given = { endpoint, port, credentials, additional_config: config }
  const target = parseTarget(connector, equipmentId, given, wanted)
  return { ...accepted, credentials, target }
}

/**
 * What is stored of a configuration, with the flags that follow from its points. Of a machine that describes itself they
 * follow from its first reading: nothing is claimed of one that does not answer.
 */
export function toStored(
  { connector, target, ...accepted }: AcceptedConfiguration,
  reading?: ConnectionTest['reading'],
): StoredConfiguration {
  const metrics = target.points.length > 0 ? target.points.map((point) => point.metric) : metricsIn(reading)
  return {
    protocol: accepted.protocol,
    endpoint: target.endpoint,
    port: target.port,
    credentials: accepted.credentials,
    config: accepted.config,
    linkKey: connector.linkKey(target),
    pollIntervalSeconds: accepted.pollIntervalSeconds,
    pollCron: accepted.pollCron,
    derived: {
      supports_realtime: accepted.supportsRealtime,
      temperature_zones: metrics.filter((metric) => metric.startsWith('temperature_zones.')).length,
      supports_humidity: metrics.includes('humidity'),
      supports_energy_monitoring: metrics.includes('energy_consumption_kwh') || metrics.includes('power_kw'),
      supports_remote_control: target.points.some(({ write }) => write !== undefined),
    },
  }
}

function metricsIn(reading: ConnectionTest['reading']): string[] {
  if (!reading) return []
  const columns = canonicalMetricNames.filter((name) => reading[name] !== null)
  return [...columns, ...Object.keys(reading.temperature_zones ?? {}).map((zone) => `temperature_zones.${zone}`)]
}

/** Throws LINK_CONFLICT when another machine on the same link needs it set otherwise. Names settings, never their values: they may be secret. */
export function refuseContradictions(
  { connector, target }: AcceptedConfiguration,
  others: readonly ConfiguredEquipment[],
  registry: Registry,
): void {
  const wanted = connector.linkSettings(target)
  for (const other of others) {
    const theirs = linkSettingsOf(other, registry)
    if (!theirs) continue
    const names = new Set([...Object.keys(wanted), ...Object.keys(theirs)])
    const differing = [...names].filter((name) => !isDeepStrictEqual(wanted[name], theirs[name]))
    if (differing.length === 0) continue
    const message = `must be the same as for ${other.row.name}, which uses the same link`
    const errors: PathFault[] = differing.map((name) => ({ path: pathOf(name, connector), message }))
    throw new BakewireError(
      'LINK_CONFLICT',
      `${other.row.name} uses the same link with another ${differing.join(', ')}`,
      {
        errors,
      },
    )
  }
}

/** How long the answer of a connection test is waited for, in ms: dialling, two answers of the machine, and a worker that is busy. */
export function testPatienceMs({ timeoutMs }: { timeoutMs: number }): number {
  return Math.min(limits.dialTimeoutMs + 2 * timeoutMs + 3_000, limits.linkRequestLifetimeMs)
}

/** A stored configuration as it may be shown, and sent back. */
export function configurationRecord({ row, credentials }: ConfiguredEquipment) {
  return {
    protocol: row.iot_protocol,
    endpoint: row.iot_endpoint,
    port: row.iot_port,
    credentials: maskCredentials(credentials),
    additional_config: row.iot_config ?? {},
    supports_realtime: row.supports_realtime,
    poll_interval_seconds: row.poll_interval_seconds,
    poll_cron: row.poll_cron,
  }
}

function isSameTarget(
  { connector, target }: AcceptedConfiguration,
  saved: ConfiguredEquipment,
  registry: Registry,
): boolean {
  const { row } = saved
  const isSamePlace = target.endpoint === row.iot_endpoint && target.port === row.iot_port
  if (!isSamePlace || connectorNamed(row.iot_protocol, registry) !== connector) return false
  const wanted = connector.secretsGoTo(target)
  // Most go nowhere else, and of those the stored form need not be understood.
  if (wanted.length === 0) return true
  const before = targetOf(saved, connector)
  return before !== undefined && wanted.every((place) => connector.secretsGoTo(before).includes(place))
}

/** Where in a configuration a link setting stands. */
function pathOf(name: string, { settings, credentials }: Connector): string {
  if (Object.hasOwn(settings.shape, name)) return `additional_config.${name}`
  return Object.hasOwn(credentials.shape, name) ? `credentials.${name}` : name
}

function linkSettingsOf(saved: ConfiguredEquipment, registry: Registry) {
  const connector = connectorNamed(saved.row.iot_protocol, registry)
  const target = connector && targetOf(saved, connector)
  return target && connector.linkSettings(target)
}

function targetOf({ row, credentials }: ConfiguredEquipment, connector: Connector): Target | undefined {
  const { iot_endpoint: endpoint, iot_port: port, iot_config } = row
  try {
    return parseTarget(connector, row.id, { endpoint, port, credentials, additional_config: iot_config ?? {} })
  } catch (error) {
    // Stored under an earlier form of the connector: it is not polled, so it needs nothing of the link.
    if (error instanceof BakewireError) return undefined
    throw error
  }
}

function connectorNamed(protocol: string, registry: Registry) {
  try {
    return registry.resolve(protocol).connector
  } catch (error) {
    if (error instanceof BakewireError) return undefined
    throw error
  }
}

function secretRequired(names: readonly string[]): BakewireError {
  const message = 'must be given again: the stored one belongs to another protocol, host or port, or there is none'
  return new BakewireError('SECRET_REQUIRED', `credentials.${names[0]} ${message}`, {
    errors: names.map((name) => ({ path: `credentials.${name}`, message })),
  })
}
