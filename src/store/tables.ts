import type { AlertStatus, ConnectionStatus, EquipmentType, ErrorCode, PollCron, Severity } from '#core'
import type { AlertTexts, AlertThreshold, AlertValue, Language } from './alert-words.ts'
import {
  bigint,
  boolean,
  customType,
  date,
  doublePrecision,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  timestamp,
  uuid,
} from './drizzle.ts'

// The migrations say what the tables are; these say how queries see them.

const bytea = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => 'bytea' })
/** drizzle's own jsonb parses a second time, which makes a number of the word "42". */
const exactJson = customType<{ data: unknown; driverData: unknown }>({
  dataType: () => 'jsonb',
  toDriver: (value) => JSON.stringify(value),
})
const time = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })
const id = () => uuid('id').primaryKey().defaultRandom()
const serial = () => bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity()
const createdAt = () => time('created_at').notNull().defaultNow()
const updatedAt = () => time('updated_at').notNull().defaultNow()

export const installation = pgTable('installation', {
  key: text('key').primaryKey(),
  value: jsonb('value').notNull(),
})

export const equipment = pgTable('equipment', {
  id: id(),
  name: text('name').notNull(),
  type: text('type').$type<EquipmentType>().notNull(),
  site: text('site'),
  location: text('location'),
  manufacturer: text('manufacturer'),
  model: text('model'),
  serial_number: text('serial_number'),
  installed_on: date('installed_on', { mode: 'string' }),
  metadata: jsonb('metadata').$type<Record<string, unknown>>().notNull().default({}),
  iot_enabled: boolean('iot_enabled').notNull().default(false),
  iot_protocol: text('iot_protocol'),
  iot_endpoint: text('iot_endpoint'),
  iot_port: integer('iot_port'),
  iot_credentials: bytea('iot_credentials'),
  iot_config: jsonb('iot_config').$type<Record<string, unknown>>(),
  iot_connection_status: text('iot_connection_status').$type<ConnectionStatus>().notNull().default('unconfigured'),
  iot_connection_error: jsonb('iot_connection_error').$type<{ code: ErrorCode; message: string }>(),
  iot_last_connected: time('iot_last_connected'),
  iot_configured_at: time('iot_configured_at'),
  supports_realtime: boolean('supports_realtime').notNull().default(true),
  poll_interval_seconds: integer('poll_interval_seconds').notNull().default(30),
  poll_cron: jsonb('poll_cron').$type<PollCron>(),
  firmware_version: text('firmware_version'),
  temperature_zones: integer('temperature_zones').notNull().default(0),
  supports_humidity: boolean('supports_humidity').notNull().default(false),
  supports_energy_monitoring: boolean('supports_energy_monitoring').notNull().default(false),
  supports_remote_control: boolean('supports_remote_control').notNull().default(false),
  link_key: text('link_key'),
  shard: smallint('shard'),
  config_revision: bigint('config_revision', { mode: 'number' }).notNull(),
  created_at: createdAt(),
  updated_at: updatedAt(),
})

export const connectionLogs = pgTable('equipment_connection_logs', {
  id: serial(),
  equipment_id: uuid('equipment_id').notNull(),
  event_type: text('event_type').$type<'connected' | 'degraded' | 'disconnected' | 'error'>().notNull(),
  event_time: time('event_time').notNull(),
  connection_status: text('connection_status').$type<ConnectionStatus>().notNull(),
  error_code: text('error_code').$type<ErrorCode>(),
  error_message: text('error_message'),
  response_time_ms: doublePrecision('response_time_ms'),
  data_points_received: integer('data_points_received'),
})

export const shardLeases = pgTable('shard_leases', {
  shard: smallint('shard').primaryKey(),
  epoch: bigint('epoch', { mode: 'number' }).notNull(),
  holder: text('holder'),
  taken_at: time('taken_at'),
  plan_revision: bigint('plan_revision', { mode: 'number' }).notNull(),
})

export const linkRequests = pgTable('link_requests', {
  id: id(),
  shard: smallint('shard').notNull(),
  kind: text('kind').$type<'test' | 'read' | 'browse' | 'write'>().notNull(),
  request: bytea('request').notNull(),
  answer: bytea('answer'),
  claimed_by: text('claimed_by'),
  created_at: createdAt(),
  expires_at: time('expires_at').notNull(),
  answered_at: time('answered_at'),
})

/** What this release can judge and send to; a row of another kind is a newer release's, and left alone. */
export const ruleKinds = ['threshold', 'state', 'no_data'] as const
export const channelKinds = ['webhook'] as const

export const alertRules = pgTable('alert_rules', {
  id: id(),
  name: text('name').notNull(),
  equipment_id: uuid('equipment_id'),
  equipment_type: text('equipment_type').$type<EquipmentType>(),
  kind: text('kind').$type<(typeof ruleKinds)[number]>().notNull(),
  metric: text('metric'),
  above: doublePrecision('above'),
  below: doublePrecision('below'),
  hysteresis: doublePrecision('hysteresis').notNull().default(0),
  equals: text('equals'),
  for_seconds: integer('for_seconds').notNull().default(0),
  severity: text('severity').$type<Severity>().notNull(),
  enabled: boolean('enabled').notNull().default(true),
  revision: bigint('revision', { mode: 'number' }).notNull(),
  created_at: createdAt(),
  updated_at: updatedAt(),
})

export const alertRuleStates = pgTable(
  'alert_rule_states',
  {
    rule_id: uuid('rule_id').notNull(),
    equipment_id: uuid('equipment_id').notNull(),
    phase: text('phase').$type<'waiting' | 'firing'>().notNull(),
    since: time('since').notNull(),
    side: text('side').$type<'above' | 'below'>(),
    rule_revision: bigint('rule_revision', { mode: 'number' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.rule_id, table.equipment_id] })],
)

export const alerts = pgTable('equipment_iot_alerts', {
  id: id(),
  equipment_id: uuid('equipment_id').notNull(),
  rule_id: uuid('rule_id'),
  type: text('type').notNull(),
  severity: text('severity').$type<Severity>().notNull(),
  status: text('status').$type<AlertStatus>().notNull().default('active'),
  title: text('title').notNull(),
  message: text('message').notNull(),
  metric: text('metric'),
  value: exactJson('value').$type<AlertValue>(),
  threshold: exactJson('threshold').$type<AlertThreshold>(),
  raised_at: time('raised_at').notNull(),
  last_raised_at: time('last_raised_at').notNull(),
  acknowledged_at: time('acknowledged_at'),
  acknowledged_by: text('acknowledged_by'),
  resolved_at: time('resolved_at'),
  resolved_by: text('resolved_by'),
  occurrences: integer('occurrences').notNull().default(1),
  automated_response: jsonb('automated_response').$type<Record<string, unknown>>(),
})

export const alertTransitions = pgTable('alert_transitions', {
  id: serial(),
  alert_id: uuid('alert_id').notNull(),
  kind: text('kind').$type<'raised' | 'acknowledged' | 'resolved'>().notNull(),
  at: time('at').notNull(),
  by: text('by'),
  note: text('note'),
  texts: jsonb('texts').$type<AlertTexts>().notNull(),
  severity: text('severity').$type<Severity>().notNull(),
  value: exactJson('value').$type<AlertValue>(),
  threshold: exactJson('threshold').$type<AlertThreshold>(),
})

export const notificationChannels = pgTable('notification_channels', {
  id: id(),
  name: text('name').notNull(),
  kind: text('kind').$type<(typeof channelKinds)[number]>().notNull(),
  url: text('url').notNull(),
  secret: bytea('secret').notNull(),
  severities: text('severities').array().$type<Severity[]>().notNull(),
  language: text('language').$type<Language>().notNull().default('en'),
  enabled: boolean('enabled').notNull().default(true),
  revision: bigint('revision', { mode: 'number' }).notNull().default(1),
  created_at: createdAt(),
  updated_at: updatedAt(),
})

export const notifications = pgTable('notifications', {
  id: id(),
  channel_id: uuid('channel_id').notNull(),
  alert_id: uuid('alert_id').notNull(),
  transition_id: bigint('transition_id', { mode: 'number' }).notNull(),
  status: text('status').$type<'pending' | 'sent' | 'failed'>().notNull().default('pending'),
  attempts: integer('attempts').notNull().default(0),
  next_attempt_at: time('next_attempt_at').notNull().defaultNow(),
  claimed_until: time('claimed_until'),
  last_error: text('last_error'),
  created_at: createdAt(),
  sent_at: time('sent_at'),
})

export const apiKeys = pgTable('api_keys', {
  id: id(),
  name: text('name').notNull(),
  access: text('access').$type<'read' | 'write' | 'admin'>().notNull(),
  hash: bytea('hash').notNull(),
  prefix: text('prefix').notNull(),
  created_at: createdAt(),
  last_used_at: time('last_used_at'),
  expires_at: time('expires_at'),
})

export const auditLog = pgTable('audit_log', {
  id: serial(),
  at: time('at').notNull().defaultNow(),
  actor: text('actor').notNull(),
  action: text('action').notNull(),
  subject_kind: text('subject_kind'),
  subject_id: text('subject_id'),
  detail: jsonb('detail').$type<Record<string, unknown>>().notNull().default({}),
  request_id: text('request_id'),
})

export const batches = pgTable('batches', {
  id: id(),
  name: text('name').notNull(),
  product: text('product'),
  started_at: time('started_at').notNull(),
  ended_at: time('ended_at'),
  revision: bigint('revision', { mode: 'number' }).notNull().default(1),
  created_at: createdAt(),
  updated_at: updatedAt(),
})

export const batchEquipment = pgTable(
  'batch_equipment',
  { batch_id: uuid('batch_id').notNull(), equipment_id: uuid('equipment_id').notNull() },
  (table) => [primaryKey({ columns: [table.batch_id, table.equipment_id] })],
)

export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    caller: uuid('caller').notNull(),
    route: text('route').notNull(),
    key: text('key').notNull(),
    answer: bytea('answer').notNull(),
    created_at: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.caller, table.route, table.key] })],
)

export const trustedCertificates = pgTable('trusted_certificates', {
  id: id(),
  fingerprint: text('fingerprint').notNull(),
  subject: text('subject').notNull(),
  issuer: text('issuer').notNull(),
  valid_from: time('valid_from').notNull(),
  valid_until: time('valid_until').notNull(),
  seen_from: text('seen_from').notNull(),
  first_seen_at: time('first_seen_at').notNull().defaultNow(),
  last_seen_at: time('last_seen_at').notNull().defaultNow(),
  trusted_at: time('trusted_at'),
})

export const linkMemory = pgTable(
  'link_memory',
  {
    link_key: text('link_key').notNull(),
    name: text('name').notNull(),
    value: bytea('value').notNull(),
    changed_at: time('changed_at').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.link_key, table.name] })],
)
