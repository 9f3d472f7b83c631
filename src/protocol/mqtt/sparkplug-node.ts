import { metricsMax, type SparkplugMetric, type SparkplugPayload } from './sparkplug-codec.ts'
import type { SparkplugKind } from './sparkplug-topic.ts'
import { sparkplugTypeName, sparkplugValue } from './sparkplug-value.ts'

/** What a metric has now. */
export interface MetricState {
  readonly datatype: number
  readonly value?: number | string | boolean
  /** Why there is no value. */
  readonly fault?: string
  /** The edge node says that it is an old one. */
  readonly isStale: boolean
  /** The machine's own time, ms since 1970. */
  readonly time?: number
}

export interface NodeMessage {
  readonly kind: SparkplugKind
  /** Empty: the edge node itself. */
  readonly device: string
  readonly payload: SparkplugPayload
}

/** What a message has changed. */
export interface NodeNews {
  /** Metrics of this device; undefined: everything of the edge node and its devices. */
  readonly device?: string
  /** Undefined: all of them. */
  readonly names?: ReadonlySet<string>
  /** It cannot be understood fully until the edge node has told everything anew. */
  readonly needsBirth: boolean
}

/**
 * What is known of one edge node and its devices, from their births, data and deaths (Sparkplug B 3.0, 5 and 6.4). Pure but
 * for what it remembers: at most `metricsMax` metrics of `devicesMax` devices.
 */
export interface EdgeNode {
  take(message: NodeMessage): NodeNews | undefined
  /** `unknown`: its birth was not heard yet. */
  stateOf(device: string): 'unknown' | 'born' | 'gone'
  metricOf(device: string, name: string): MetricState | undefined
  /** Messages were lost: what changed with them is not known. */
  readonly hasGap: boolean
}

const qualityStale = 500
const qualityBad = 0
const sequenceLength = 256
const bdSeq = 'bdSeq'

/** Devices behind one edge node; a gateway of a bakery has some dozens. */
const devicesMax = 1_000
/** Longer ones are nobody's names; `topicLengthMax` and the schema of a point take no more either. */
const nameLengthMax = 300
/** Longer text is no value that could be stored, and would be held for each of many metrics. */
const textLengthMax = 1_000

interface Device {
  readonly metrics: Map<string, MetricState>
  /** Names by alias. */
  readonly aliases: Map<string, string>
}

export function createEdgeNode(): EdgeNode {
  /** One that is not in it was not born since its edge node was; the empty name is the edge node itself. */
  const devices = new Map<string, Device>()
  const gone = new Set<string>()
  let state: 'unknown' | 'born' | 'gone' = 'unknown'
  let nextSeq: number | undefined
  let birthNumber: string | undefined
  let count = 0
  let hasGap = false

  const forgetDevice = (name: string) => {
    count -= devices.get(name)?.metrics.size ?? 0
    devices.delete(name)
  }

  const forgetAll = () => {
    devices.clear()
    gone.clear()
    count = 0
    nextSeq = undefined
    hasGap = false
  }

  /** Notes a message's number; whether it is the one that was due. A number that is missing tells nothing. */
  const isDue = ({ seq }: SparkplugPayload): boolean => {
    const isNext = seq === undefined || nextSeq === undefined || seq === nextSeq
    if (seq !== undefined) nextSeq = (seq + 1) % sequenceLength
    if (!isNext) hasGap = true
    return isNext
  }

  const bear = (device: string, payload: SparkplugPayload) => {
    forgetDevice(device)
    gone.delete(device)
    if (devices.size >= devicesMax) return
    const born: Device = { metrics: new Map(), aliases: new Map() }
    devices.set(device, born)
    for (const metric of payload.metrics) {
      const { name, alias, datatype = 0 } = metric
      if (name === undefined || name.length > nameLengthMax || count >= metricsMax) continue
      if (!born.metrics.has(name)) count += 1
      born.metrics.set(name, stateOfMetric(metric, datatype, payload.time))
      if (alias !== undefined) born.aliases.set(alias, name)
    }
  }

  const nodeBirth = (payload: SparkplugPayload): NodeNews => {
    forgetAll()
    state = 'born'
    birthNumber = textOf(payload, bdSeq)
    isDue(payload)
    bear('', payload)
    return { needsBirth: false }
  }

  const nodeDeath = (payload: SparkplugPayload): NodeNews | undefined => {
    const number = textOf(payload, bdSeq)
    // The will of an earlier connection, which the broker noticed only after the edge node was back.
    if (state === 'born' && number !== undefined && birthNumber !== undefined && number !== birthNumber)
      return undefined
    forgetAll()
    state = 'gone'
    return { needsBirth: false }
  }

  const data = (device: string, payload: SparkplugPayload): NodeNews => {
    const names = new Set<string>()
    let isUnderstood = isDue(payload)
    const known = devices.get(device)
    if (!known) return { device, names, needsBirth: true }
    for (const metric of payload.metrics) {
      const name = metric.name ?? known.aliases.get(metric.alias ?? '')
      const before = name === undefined ? undefined : known.metrics.get(name)
      if (name === undefined || !before) isUnderstood = false
      // What the edge node had kept is older than what it has told since.
      else if (!metric.isHistorical) {
        known.metrics.set(name, stateOfMetric(metric, metric.datatype ?? before.datatype, payload.time))
        names.add(name)
      }
    }
    return { device, names, needsBirth: !isUnderstood }
  }

  return {
    take({ kind, device, payload }) {
      if (kind === 'NBIRTH') return nodeBirth(payload)
      if (kind === 'NDEATH') return nodeDeath(payload)
      if (kind === 'NCMD' || kind === 'DCMD') return undefined
      if (state !== 'born') return { device, names: new Set(), needsBirth: true }
      if (kind === 'NDATA' || kind === 'DDATA') return data(device, payload)
      const needsBirth = !isDue(payload)
      if (kind === 'DBIRTH') bear(device, payload)
      else {
        forgetDevice(device)
        if (gone.size < devicesMax) gone.add(device)
      }
      return { device, needsBirth }
    },
    stateOf(device) {
      if (state !== 'born') return state
      if (gone.has(device)) return 'gone'
      return devices.has(device) ? 'born' : 'unknown'
    },
    metricOf: (device, name) => devices.get(device)?.metrics.get(name),
    get hasGap() {
      return hasGap
    },
  }
}

function stateOfMetric(metric: SparkplugMetric, datatype: number, payloadTime: number | undefined): MetricState {
  const { raw, isNull, quality } = metric
  const time = metric.time ?? payloadTime
  const isStale = quality === qualityStale
  const known = { datatype, isStale, ...(time === undefined ? {} : { time }) }
  if (isNull) return { ...known, fault: 'null (the machine has no value)' }
  if (quality === qualityBad) return { ...known, fault: 'the edge node says that the value is bad' }
  const value = sparkplugValue(raw, datatype)
  if (typeof value === 'string' && value.length > textLengthMax) {
    return { ...known, fault: `text of more than ${textLengthMax} characters` }
  }
  if (value !== undefined) return { ...known, value }
  return { ...known, fault: `${sparkplugTypeName(datatype)}, which is no single value or has none` }
}

/** As text, for a birth and a will may give it in types of different width. */
function textOf({ metrics }: SparkplugPayload, name: string): string | undefined {
  return metrics.find((metric) => metric.name === name)?.raw?.toString()
}
