import { sql } from './drizzle.ts'
import { equipment } from './tables.ts'

export const nextRevision = sql<number>`nextval('config_revision')`

/** A machine without a configuration. */
export const unconfigured = {
  iot_enabled: false,
  iot_protocol: null,
  iot_endpoint: null,
  iot_port: null,
  iot_credentials: null,
  iot_config: null,
  iot_connection_status: 'unconfigured',
  iot_connection_error: null,
  iot_configured_at: null,
  poll_cron: null,
  temperature_zones: 0,
  supports_humidity: false,
  supports_energy_monitoring: false,
  supports_remote_control: false,
  link_key: null,
  shard: null,
} as const

/** What pausing and resuming changes; nothing where nothing is said of it. */
export function switchedTo(enabled: boolean | undefined) {
  if (enabled === undefined) return {}
  const status = sql`case when ${equipment.link_key} is null then 'unconfigured' else ${enabled ? 'connecting' : 'paused'} end`
  return {
    iot_connection_status: status,
    iot_connection_error: null,
    ...(enabled ? { iot_configured_at: sql`now()` } : {}),
  }
}
