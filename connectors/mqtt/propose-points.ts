import type { Found } from '#connector'
import {
  hasWildcard,
  type SparkplugCodec,
  type SparkplugMetric,
  sparkplugTopic,
  sparkplugTypeName,
  sparkplugValue,
  topicFilterFault,
} from '#protocol/mqtt'
import { knownPoint } from './known-point.ts'
import { messageDocument } from './message-document.ts'
import { createMetricNames, type MetricNames } from './propose-metric.ts'

/** Deeper and longer messages are told in part: nobody configures 200 values of one message. */
const depthMax = 8
const valuesPerMessage = 200
const metricsPerBirth = 2_000
const textMax = 200
/** What the schema of a point takes. */
const pointerLengthMax = 500
const nameLengthMax = 300

/** In all; topics beyond are named, to be looked at one by one. */
const valuesMax = 10_000

/** What messages say, value by value, each with the point that would read it. Pure. */
export function proposePoints(messages: ReadonlyMap<string, Uint8Array>, codec: SparkplugCodec): Found[] {
  const names = createMetricNames()
  const found: Found[] = []
  for (const topic of [...messages.keys()].sort()) {
    const payload = messages.get(topic) ?? new Uint8Array()
    if (found.length >= valuesMax) found.push({ name: topic, kind: 'more values', at: topic })
    else if (sparkplugTopic(topic)) found.push(...metricsOf(topic, payload, { names, codec }))
    else found.push(...valuesOf(topic, payload, names))
  }
  return found
}

function valuesOf(topic: string, payload: Uint8Array, names: MetricNames): Found[] {
  const { plain, json, fault } = messageDocument(payload)
  if (fault !== undefined) return [{ name: topic, kind: payload.length === 0 ? 'empty' : `${payload.length} bytes` }]
  if (typeof json !== 'object' || json === null) {
    const value = String(plain)
    return [{ name: topic, kind: kindOf(plain), value: shortened(value), ...pointAt(topic, undefined, names) }]
  }
  return leavesOf(json).map(({ pointer, value }) => ({
    name: `${topic} ${pointer}`,
    kind: kindOf(value),
    value: shortened(String(value)),
    ...pointAt(topic, pointer, names),
  }))
}

/** None where no configuration could have it: a topic or a pointer that is too long, a topic that is none. */
function pointAt(topic: string, pointer: string | undefined, names: MetricNames): Pick<Found, 'point'> {
  const isOdd = topicFilterFault(topic) !== undefined || hasWildcard(topic) || /[{}]/.test(topic)
  if (isOdd || (pointer?.length ?? 0) > pointerLengthMax) return {}
  const known = knownPoint(topic, pointer)
  if (known) return { point: known }
  const tokens = pointer === undefined ? [] : pointer.slice(1).split('/')
  return { point: { ...names.of(topic.split('/'), tokens), topic, ...(pointer === undefined ? {} : { pointer }) } }
}

interface Leaf {
  readonly pointer: string
  readonly value: unknown
}

/** Every value of a document with the JSON pointer to it, breadth first, so that what is cut off is deep. */
function leavesOf(document: object): Leaf[] {
  const leaves: Leaf[] = []
  let level: Leaf[] = [{ pointer: '', value: document }]
  for (let depth = 0; depth <= depthMax && level.length > 0; depth++) {
    const next: Leaf[] = []
    for (const { pointer, value } of level) {
      if (typeof value !== 'object' || value === null) leaves.push({ pointer, value })
      else if (next.length < valuesPerMessage) next.push(...childrenOf(value, pointer))
    }
    level = next
  }
  return leaves.slice(0, valuesPerMessage)
}

function childrenOf(parent: object, pointer: string): Leaf[] {
  return Object.entries(parent)
    .slice(0, valuesPerMessage)
    .map(([name, value]) => ({ pointer: `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`, value }))
}

interface SparkplugContext {
  readonly names: MetricNames
  readonly codec: SparkplugCodec
}

function metricsOf(topic: string, payload: Uint8Array, { names, codec }: SparkplugContext): Found[] {
  const place = sparkplugTopic(topic)
  const said = codec.decode(payload)
  if (!place || !said || place.kind.endsWith('CMD')) return []
  const sparkplug = place.device === '' ? place.node : `${place.node}/${place.device}`
  if (!place.kind.endsWith('BIRTH')) return [{ name: topic, kind: `Sparkplug ${place.kind} of ${sparkplug}` }]
  return said.metrics.slice(0, metricsPerBirth).flatMap((metric) => {
    const { name, datatype = 0, unit } = metric
    if (name === undefined || name.length > nameLengthMax) return []
    const kind = [sparkplugTypeName(datatype), ...(unit === undefined ? [] : [unit])].join(' ')
    const { metric: proposed } = names.of(sparkplug.split('/'), name.split('/'))
    const point = { metric: proposed, sparkplug, name }
    return [{ name: `${sparkplug} ${name}`, kind, ...valueText(metric, datatype), point }]
  })
}

function valueText({ raw, isNull }: SparkplugMetric, datatype: number): { value?: string } {
  const value = isNull ? null : sparkplugValue(raw, datatype)
  return value === undefined ? {} : { value: shortened(String(value)) }
}

function shortened(text: string): string {
  return text.length > textMax ? `${text.slice(0, textMax - 1)}…` : text
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  return typeof value === 'string' ? 'text' : typeof value
}
