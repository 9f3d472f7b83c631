import type { Type } from 'protobufjs'

/** What one metric of a message says, before its type is known: data messages may leave it to the birth. */
export interface SparkplugMetric {
  readonly name?: string
  /** Stands for the name in data messages; a decimal number as text, for it has 64 bits. */
  readonly alias?: string
  readonly datatype?: number
  /** Ms since 1970. */
  readonly time?: number
  /** As it was sent; 64-bit numbers as decimal text. Absent: none, or one of a kind that is not read (data set, template, bytes). */
  readonly raw?: number | string | boolean
  readonly isNull: boolean
  /** Kept by the edge node while it had no connection: not a value of now. */
  readonly isHistorical: boolean
  /** The property `Quality`: 0 bad, 192 good, 500 stale. */
  readonly quality?: number
  /** The property `engUnit`, as the edge node spells it. */
  readonly unit?: string
}

export interface SparkplugPayload {
  readonly time?: number
  readonly seq?: number
  readonly metrics: readonly SparkplugMetric[]
}

export interface SparkplugCodec {
  /** Undefined where the bytes are no Sparkplug B payload, or one of more than `metricsMax` metrics. */
  decode(bytes: Uint8Array): SparkplugPayload | undefined
  encode(payload: SparkplugPayload): Uint8Array
}

/** Metrics of one message: a large press line has some 5,000, and more make no sense in 256 KB. */
export const metricsMax = 10_000

/** In which 0 that was sent is told from nothing. */
const edition = 'proto2'
const optional = (type: string, id: number) => ({ type, id })
const repeated = (type: string, id: number) => ({ rule: 'repeated', type, id })

/**
 * The payload of Sparkplug B 3.0, 6.4, without what is not read: data sets, templates, bytes, metadata, nested property sets.
 * What a schema does not name is skipped. Values are a choice of one in both messages.
 */
const schema = {
  nested: {
    Payload: {
      edition,
      fields: { timestamp: optional('uint64', 1), metrics: repeated('Metric', 2), seq: optional('uint64', 3) },
    },
    Metric: {
      edition,
      oneofs: { value: { oneof: ['int', 'long', 'float', 'double', 'boolean', 'string'] } },
      fields: {
        name: optional('string', 1),
        alias: optional('uint64', 2),
        timestamp: optional('uint64', 3),
        datatype: optional('uint32', 4),
        isHistorical: optional('bool', 5),
        isNull: optional('bool', 7),
        properties: optional('PropertySet', 9),
        int: optional('uint32', 10),
        long: optional('uint64', 11),
        float: optional('float', 12),
        double: optional('double', 13),
        boolean: optional('bool', 14),
        string: optional('string', 15),
      },
    },
    PropertySet: { edition, fields: { keys: repeated('string', 1), values: repeated('PropertyValue', 2) } },
    PropertyValue: {
      edition,
      fields: { type: optional('uint32', 1), int: optional('uint32', 3), string: optional('string', 8) },
    },
  },
}

/** A message as the library gives it: only what was sent, 64-bit numbers as text. */
interface Wire {
  readonly timestamp?: string
  readonly seq?: string
  readonly metrics?: readonly WireMetric[]
}

interface WireMetric {
  readonly name?: string
  readonly alias?: string
  readonly timestamp?: string
  readonly datatype?: number
  readonly isHistorical?: boolean
  readonly isNull?: boolean
  readonly properties?: {
    readonly keys?: readonly string[]
    readonly values?: readonly { readonly int?: number; readonly string?: string }[]
  }
  readonly value?: 'int' | 'long' | 'float' | 'double' | 'boolean' | 'string'
  readonly int?: number
  readonly long?: string
  readonly float?: number
  readonly double?: number
  readonly boolean?: boolean
  readonly string?: string
}

/** Reads and writes Sparkplug B payloads; the library is loaded with the first. */
export async function loadSparkplugCodec(): Promise<SparkplugCodec> {
  const { default: protobuf } = await import('protobufjs/light.js')
  const payload = protobuf.Root.fromJSON(schema).lookupType('Payload')
  return {
    decode: (bytes) => decode(payload, bytes),
    encode: ({ time, seq, metrics }) => {
      const given = { ...defined({ timestamp: time, seq }), metrics: metrics.map(wireMetric) }
      return payload.encode(payload.fromObject(given)).finish()
    },
  }
}

function decode(payload: Type, bytes: Uint8Array): SparkplugPayload | undefined {
  const wire = wireOf(payload, bytes)
  if (!wire || (wire.metrics?.length ?? 0) > metricsMax) return undefined
  const seq = wire.seq === undefined ? undefined : Number(wire.seq)
  return { ...defined({ time: numberOf(wire.timestamp), seq }), metrics: (wire.metrics ?? []).map(metricOf) }
}

function wireOf(payload: Type, bytes: Uint8Array): Wire | undefined {
  try {
    return payload.toObject(payload.decode(bytes), { longs: String, oneofs: true }) as Wire
  } catch {
    // The library's errors tell where the bytes end; that they are none of these is all that can be said.
    return undefined
  }
}

function metricOf(wire: WireMetric): SparkplugMetric {
  const { name, alias, datatype, timestamp, isNull = false, isHistorical = false, value } = wire
  const raw = value === undefined ? undefined : wire[value]
  const quality = propertyOf(wire, 'Quality')?.int
  const unit = propertyOf(wire, 'engUnit')?.string
  return { ...defined({ name, alias, datatype, time: numberOf(timestamp), raw, quality, unit }), isNull, isHistorical }
}

function propertyOf({ properties }: WireMetric, key: string) {
  return properties?.values?.[properties.keys?.indexOf(key) ?? -1]
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text)
}

/** Types of Sparkplug B 3.0, 6.4.16, by the field that carries them. */
const carriers: Readonly<Record<number, WireMetric['value']>> = {
  1: 'int',
  2: 'int',
  3: 'int',
  4: 'long',
  5: 'int',
  6: 'int',
  7: 'int',
  8: 'long',
  9: 'float',
  10: 'double',
  11: 'boolean',
  12: 'string',
  13: 'long',
  14: 'string',
  15: 'string',
}

function wireMetric({ raw, datatype, isNull, isHistorical, quality, unit, time, ...metric }: SparkplugMetric): object {
  const carrier = raw === undefined || datatype === undefined ? undefined : carriers[datatype]
  const properties = Object.entries(defined({ Quality: quality, engUnit: unit }))
  const values = properties.map(([, value]) =>
    typeof value === 'number' ? { type: 3, int: value } : { type: 12, string: value },
  )
  return {
    ...metric,
    ...defined({ datatype, timestamp: time }),
    ...(carrier === undefined ? {} : { [carrier]: raw }),
    ...(isNull ? { isNull } : {}),
    ...(isHistorical ? { isHistorical } : {}),
    ...(properties.length === 0 ? {} : { properties: { keys: properties.map(([key]) => key), values } }),
  }
}

type Defined<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> }

function defined<T extends object>(given: T): Defined<T> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Defined<T>
}
