import { createHash } from 'node:crypto'
import type { ConfiguredEquipment } from '#store'

/** A machine's record as it is stored, with its configuration. */
export type Row = ConfiguredEquipment['row']

/** What is needed of it as long as the machine is polled: there may be thousands, each with hundreds of points. */
export type KeptRow = Pick<
  Row,
  | 'id'
  | 'name'
  | 'iot_connection_status'
  | 'iot_connection_error'
  | 'poll_interval_seconds'
  | 'poll_cron'
  | 'config_revision'
>

export function keptOf(row: Row): KeptRow {
  return {
    id: row.id,
    name: row.name,
    iot_connection_status: row.iot_connection_status,
    iot_connection_error: row.iot_connection_error,
    poll_interval_seconds: row.poll_interval_seconds,
    poll_cron: row.poll_cron,
    config_revision: row.config_revision,
  }
}

export function intervalOf(row: KeptRow): number {
  return row.poll_interval_seconds * 1000
}

/** Of everything that polling depends on. */
export function fingerprintOf(row: Row): string {
  const { type, iot_protocol, iot_endpoint, iot_port, iot_config, poll_interval_seconds, poll_cron } = row
  const parts = [type, iot_protocol, iot_endpoint, iot_port, iot_config, poll_interval_seconds, poll_cron]
  return createHash('sha256')
    .update(JSON.stringify(parts))
    .update(row.iot_credentials ?? '')
    .digest('base64')
}
