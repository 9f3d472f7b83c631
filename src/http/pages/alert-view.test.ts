import { describe, expect, it } from 'vitest'
import type { AlertRecord, EquipmentRow, StoredReading } from '#store'
import { type AlertView, alertView } from './alert-view.ts'

const now = Date.parse('2026-11-20T03:46:00Z')
const minute = 60_000
const ago = (minutes: number) => new Date(now - minutes * minute)

const alert: AlertRecord = {
  id: '6f1c1f2e-9d1f-4a53-9a6b-0a54f7f7a111',
  equipment_id: '6f1c1f2e-9d1f-4a53-9a6b-0a54f7f7a112',
  equipment_name: 'Cold room 2',
  rule_id: null,
  type: 'temperature_deviation',
  severity: 'critical',
  status: 'active',
  title: 'Cold room 2: Too warm',
  message: 'Cold room 2: temperature 9.4 °C, above 8 °C for 10 min',
  metric: 'temperature',
  value: 9.4,
  threshold: 8,
  raised_at: ago(34),
  last_raised_at: ago(34),
  acknowledged_at: null,
  acknowledged_by: null,
  resolved_at: null,
  resolved_by: null,
  occurrences: 1,
  automated_response: null,
}

const machine: EquipmentRow = {
  id: alert.equipment_id,
  name: 'Cold room 2',
  type: 'cold_room',
  site: 'North',
  location: 'Hall 3',
  manufacturer: null,
  model: null,
  serial_number: null,
  installed_on: null,
  metadata: {},
  iot_enabled: true,
  iot_protocol: 'modbus',
  iot_endpoint: '10.0.0.4',
  iot_port: 502,
  iot_credentials: null,
  iot_config: {},
  iot_connection_status: 'connected',
  iot_connection_error: null,
  iot_last_connected: null,
  iot_configured_at: ago(1000),
  supports_realtime: true,
  poll_interval_seconds: 5,
  poll_cron: null,
  firmware_version: null,
  temperature_zones: 0,
  supports_humidity: false,
  supports_energy_monitoring: false,
  supports_remote_control: false,
  link_key: 'modbus:10.0.0.4:502',
  shard: 3,
  config_revision: 1,
  created_at: ago(1000),
  updated_at: ago(1000),
}

const reading: StoredReading = {
  reading_time: new Date(now - 3000),
  source_time: null,
  temperature: 9.1,
  target_temperature: 4,
  humidity: null,
  energy_consumption_kwh: null,
  power_kw: null,
  operational_status: null,
  cycle_stage: null,
  cycle_progress_percentage: null,
  time_remaining_minutes: null,
  motor_speed_rpm: null,
  door_status: 'closed',
  steam_level: null,
  product_weight_kg: null,
  moisture_content: null,
  temperature_zones: { core: -2.5 },
  additional: { lid_open: true },
  quality: null,
}

function view(
  fields: Partial<AlertRecord> = {},
  { of = machine, newest = reading }: { of?: EquipmentRow; newest?: StoredReading | undefined } = {},
): AlertView {
  return alertView({ alert: { ...alert, ...fields }, machine: of, newest, now })
}

describe('alertView', () => {
  it('says machine, what, value against limit, since when, and the value now with its age', () => {
    expect(view()).toEqual({
      tone: 'critical',
      severity: 'Critical',
      status: 'Active',
      title: 'Cold room 2: Too warm',
      heading: 'Cold room 2',
      message: 'Temperature 9.4 °C, above 8 °C for 10 min',
      crossed: { label: 'When raised', value: '9.4 °C', note: 'limit at most 8 °C', isOld: false },
      current: { label: 'Now', value: '9.1 °C', note: '3 s ago', isOld: false },
      facts: [
        ['Since', '34 min ago', '20 Nov 2026, 03:12 UTC'],
        ['Rule', 'Too warm'],
        ['Place', 'North, Hall 3'],
        ['Connection', 'Connected'],
      ],
    })
  })

  it('says who acknowledged and how it ended', () => {
    const { tone, facts } = view({
      status: 'resolved',
      occurrences: 3,
      last_raised_at: ago(20),
      acknowledged_at: ago(12),
      acknowledged_by: 'Ana',
      resolved_at: ago(1),
    })
    expect(tone).toBe('calm')
    expect(facts.slice(1, 4)).toEqual([
      ['Raised', '3 times, last 20 min ago', '20 Nov 2026, 03:26 UTC'],
      ['Acknowledged', 'by Ana, 12 min ago', '20 Nov 2026, 03:34 UTC'],
      ['Resolved', 'by itself, 1 min ago', '20 Nov 2026, 03:45 UTC'],
    ])
  })

  it.each<[string, Partial<AlertRecord>, string | undefined, string]>([
    ['a lower limit', { value: 1, threshold: 2 }, '1 °C', 'limit at least 2 °C'],
    ['a band', { value: 1, threshold: { above: 8, below: 2 } }, '1 °C', 'allowed 2 °C to 8 °C'],
    ['a word', { metric: 'door_status', value: 'open', threshold: 'open' }, 'open', ''],
    ['a value without unit', { metric: 'additional.ph', value: 9, threshold: 7.5 }, '9', 'limit at most 7.5'],
    ['silence', { metric: null, value: null, threshold: 900 }, undefined, ''],
  ])('shows %s', (_name, fields, value, note) => {
    const { crossed } = view(fields)
    expect(crossed?.value).toBe(value)
    expect(crossed?.note ?? '').toBe(note)
  })

  it.each<[string, string, string]>([
    ['temperature_zones.core', '-2.5 °C', 'Now'],
    ['additional.lid_open', 'true', 'Now'],
    ['door_status', 'closed', 'Now'],
    ['humidity', 'no value', 'Now'],
    ['temperature_zones.other', 'no value', 'Now'],
  ])('takes the value of %s', (metric, value, label) => {
    expect(view({ metric }).current).toMatchObject({ value, label })
  })

  it('never shows an old value as one of now', () => {
    const newest = { ...reading, reading_time: new Date(now - 13_000) }
    expect(view({}, { newest }).current).toEqual({
      label: 'Last value',
      value: '9.1 °C',
      note: 'old: 13 s ago',
      isOld: true,
    })
    const disconnected: EquipmentRow = { ...machine, iot_connection_status: 'disconnected' }
    expect(view({}, { of: disconnected }).current).toMatchObject({ label: 'Last value', isOld: true })
  })

  it('says of a silent machine when it was last heard and why, without its address', () => {
    const of: EquipmentRow = {
      ...machine,
      iot_connection_status: 'disconnected',
      iot_connection_error: { code: 'UNREACHABLE', message: 'dialling 10.0.0.4:502: refused' },
    }
    const newest = { ...reading, reading_time: ago(19) }
    const shown = view({ metric: null, value: null, threshold: 900 }, { of, newest })
    expect(shown.current).toEqual({
      label: 'Last data',
      value: '19 min ago',
      note: 'Disconnected. The equipment cannot be reached',
      isOld: true,
    })
    expect(JSON.stringify(shown)).not.toContain('10.0.0.4')
  })

  it('bears a machine that was never read', () => {
    const shown = alertView({ alert, machine, newest: undefined, now })
    expect(shown.current).toEqual({
      label: 'Last value',
      value: 'no value',
      note: 'nothing was ever read',
      isOld: true,
    })
  })
})
