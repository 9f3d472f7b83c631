import type { Fault, Sample } from '#connector'
import { type SparkplugCodec, sparkplugCommandTopic, sparkplugRaw, sparkplugTypeName } from '#protocol/mqtt'
import type { Ear } from './ears.ts'
import type { MqttPoint } from './schemas.ts'
import { topicOf } from './source-of.ts'

type Value = number | string | boolean

/** A message that tells a machine a new value. */
export interface Command {
  readonly topic: string
  readonly payload: string | Uint8Array
  readonly qos: 0 | 1
}

export interface CommandContext {
  readonly device: string | undefined
  /** Ms since 1970. */
  readonly now: number
  /** Loaded where a point is a Sparkplug metric. */
  readonly codec: SparkplugCodec | undefined
}

export interface Aim {
  readonly point: MqttPoint
  readonly value: Value
  /** Shared with points that differ in their command alone. */
  readonly ear: Ear
}

/** The message that sets a point, or why there is none. */
export function commandOf({ point, value, ear }: Aim, context: CommandContext): Command | Fault {
  const { command_topic: topic, command } = point.address
  if (ear.sparkplug) return sparkplugCommand(ear, value, context)
  if (topic === undefined) return { code: 'POINT_REFUSED', message: 'it has no command_topic, so it cannot be written' }
  const told = asHeard(value, ear.heard?.sample)
  const payload = command === undefined ? String(told) : JSON.stringify(filledIn(command, told))
  return { topic: topicOf(topic, context.device), payload, qos: 1 }
}

function sparkplugCommand(ear: Ear, value: Value, { codec, now }: CommandContext): Command | Fault {
  if (!ear.sparkplug || !codec) return { code: 'INTERNAL', message: 'it is no Sparkplug metric' }
  const { place, edgeNode } = ear.sparkplug
  const { node, device, name } = place
  const datatype = edgeNode.metricOf(device, name)?.datatype
  if (datatype === undefined) return notWritable(ear)
  const raw = sparkplugRaw(value, datatype) ?? sparkplugRaw(literalOf(value), datatype)
  if (raw === undefined) {
    return { code: 'VALUE_INVALID', message: `${value} is no value of its type ${sparkplugTypeName(datatype)}` }
  }
  const metric = { name, datatype, time: now, raw, isNull: false, isHistorical: false }
  // Sparkplug B 3.0, 6.4.23 and 6.4.27: commands have QoS 0.
  const payload = codec.encode({ time: now, metrics: [metric] })
  return { topic: sparkplugCommandTopic(node, device), payload, qos: 0 }
}

function notWritable({ heard, sparkplug }: Ear): Fault {
  if (heard && 'fault' in heard.sample) return { ...heard.sample.fault, message: 'it is offline or has no such metric' }
  return { code: 'TIMED_OUT', message: `edge node ${sparkplug?.place.node} has not told what it has` }
}

/** Words of a configuration stand for numbers, truth values and texts: they are told as the machine itself tells them. */
function asHeard(value: Value, heard: Sample | undefined): Value {
  const kind = heard && 'value' in heard ? typeof heard.value : undefined
  if (kind === 'string') return String(value)
  const literal = literalOf(value)
  return kind === typeof literal || (kind === undefined && typeof literal === 'boolean') ? literal : value
}

function literalOf(value: Value): Value {
  if (typeof value !== 'string') return value
  if (value === 'true' || value === 'false') return value === 'true'
  return /^-?\d{1,15}(\.\d{1,15})?$/.test(value) ? Number(value) : value
}

function filledIn(template: unknown, value: Value): unknown {
  if (template === '{value}') return value
  if (Array.isArray(template)) return template.map((part) => filledIn(part, value))
  if (typeof template !== 'object' || template === null) return template
  return Object.fromEntries(Object.entries(template).map(([name, part]) => [name, filledIn(part, value)]))
}
