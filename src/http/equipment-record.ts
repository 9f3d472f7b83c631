import { z } from 'zod'
import { connectionStatuses, type ErrorCode, equipmentTypes, errorTable, limits } from '#core'
import type { EquipmentRow } from '#store'
import { idText, timeOf, timeOrNull, timeText, wordOf } from './answer-fields.ts'

const codes = Object.keys(errorTable) as [ErrorCode, ...ErrorCode[]]
const textOrNull = () => z.string().nullable()

/** A machine as answers show it. Credentials are no part of it. */
export const equipmentSchema = z
  .object({
    id: idText(),
    name: z.string(),
    type: z.enum(equipmentTypes),
    site: textOrNull(),
    location: textOrNull(),
    manufacturer: textOrNull(),
    model: textOrNull(),
    serial_number: textOrNull(),
    installed_on: z.iso.date().nullable(),
    metadata: z.record(z.string(), z.unknown()),
    iot_enabled: z
      .boolean()
      .meta({ description: 'Whether it is polled: false before it is configured and while paused.' }),
    iot_protocol: textOrNull(),
    iot_endpoint: textOrNull(),
    iot_port: z.int().nullable(),
    iot_config: z
      .record(z.string(), z.unknown())
      .nullable()
      .meta({ description: '`additional_config` as it was given.' }),
    iot_connection_status: z.enum(connectionStatuses),
    iot_connection_error: z
      .object({ code: z.enum(codes), message: z.string() })
      .nullable()
      .meta({ description: 'Why the machine is not, or not fully, connected.' }),
    iot_last_connected: timeText().nullable(),
    supports_realtime: z.boolean(),
    poll_interval_seconds: z.int().min(limits.pollIntervalSecondsMin).max(limits.pollIntervalSecondsMax),
    poll_cron: z
      .object({ expression: z.string(), timezone: z.string() })
      .nullable()
      .meta({ description: 'When it is polled, in the place of the interval.' }),
    firmware_version: textOrNull(),
    temperature_zones: z.int().meta({ description: 'How many zones are read; their values are in the readings.' }),
    supports_humidity: z.boolean(),
    supports_energy_monitoring: z.boolean(),
    supports_remote_control: z.boolean(),
    created_at: timeText(),
    updated_at: timeText(),
  })
  .meta({ id: 'Equipment', title: 'Equipment', description: 'A machine with what is known of its connection.' })

export type EquipmentRecord = z.output<typeof equipmentSchema>

export function equipmentRecord(row: EquipmentRow): EquipmentRecord {
  const { iot_connection_error: error } = row
  return {
    id: row.id,
    name: row.name,
    type: wordOf(equipmentTypes, row.type, 'other'),
    site: row.site,
    location: row.location,
    manufacturer: row.manufacturer,
    model: row.model,
    serial_number: row.serial_number,
    installed_on: row.installed_on,
    metadata: row.metadata,
    iot_enabled: row.iot_enabled,
    iot_protocol: row.iot_protocol,
    iot_endpoint: row.iot_endpoint,
    iot_port: row.iot_port,
    iot_config: row.iot_config,
    iot_connection_status: wordOf(connectionStatuses, row.iot_connection_status, 'error'),
    iot_connection_error: error && { ...error, code: wordOf(codes, error.code, 'INTERNAL') },
    iot_last_connected: timeOrNull(row.iot_last_connected),
    supports_realtime: row.supports_realtime,
    poll_interval_seconds: row.poll_interval_seconds,
    poll_cron: row.poll_cron,
    firmware_version: row.firmware_version,
    temperature_zones: row.temperature_zones,
    supports_humidity: row.supports_humidity,
    supports_energy_monitoring: row.supports_energy_monitoring,
    supports_remote_control: row.supports_remote_control,
    created_at: timeOf(row.created_at),
    updated_at: timeOf(row.updated_at),
  }
}
