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
 * for what it remembers: at most `metricsMax` metrics.
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

interface Place {
  readonly device: string
  readonly name: string
}

export function createEdgeNode(): EdgeNode {
  /** By device, then by name. A device that is not in it was not born since its edge node was. */
  const devices = new Map<string, Map<string, MetricState>>()
  const gone = new Set<string>()
  const aliases = new Map<string, Place>()
  let state: 'unknown' | 'born' | 'gone' = 'unknown'
  let nextSeq: number | undefined
  let birthNumber: string | undefined
  let metrics = 0
  let hasGap = false

  const forgetDevice = (device: string) => {
    metrics -= devices.get(device)?.size ?? 0
    devices.delete(device)
    for (const [alias, place] of aliases) if (place.device === device) aliases.delete(alias)
  }

  const forgetAll = () => {
    devices.clear()
    gone.clear()
    aliases.clear()
    metrics = 0
    nextSeq = undefined
  }

  /** Notes a message's number; whether it is the one that was due. A number that is missing tells nothing. */
  const count = ({ seq }: SparkplugPayload): boolean => {
    const isDue = seq === undefined || nextSeq === undefined || seq === nextSeq
    if (seq !== undefined) nextSeq = (seq + 1) % sequenceLength
    if (!isDue) hasGap = true
    return isDue
  }

  const bear = (device: string, payload: SparkplugPayload) => {
    forgetDevice(device)
    gone.delete(device)
    const born = new Map<string, MetricState>()
    devices.set(device, born)
    for (const metric of payload.metrics) {
      const { name, alias, datatype = 0 } = metric
      if (name === undefined || metrics >= metricsMax) continue
      if (!born.has(name)) metrics += 1
      born.set(name, stateOfMetric(metric, datatype, payload.time))
      if (alias !== undefined) aliases.set(alias, { device, name })
    }
  }

  const placeOf = (device: string, { name, alias }: SparkplugMetric): Place | undefined => {
    if (name !== undefined) return devices.get(device)?.has(name) ? { device, name } : undefined
    const place = alias === undefined ? undefined : aliases.get(alias)
    return place?.device === device ? place : undefined
  }

  const nodeBirth = (payload: SparkplugPayload): NodeNews => {
    forgetAll()
    state = 'born'
    hasGap = false
    birthNumber = textOf(payload, bdSeq)
    count(payload)
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
    hasGap = false
    return { needsBirth: false }
  }

  const data = (device: string, payload: SparkplugPayload): NodeNews => {
    const isDue = count(payload)
    const known = devices.get(device)
    if (!known) return { device, names: new Set(), needsBirth: true }
    const names = new Set<string>()
    let isUnderstood = true
    for (const metric of payload.metrics) {
      const place = placeOf(device, metric)
      if (!place) isUnderstood = false
      // What the edge node had kept is older than what it has told since.
      else if (!metric.isHistorical) {
        const datatype = metric.datatype ?? known.get(place.name)?.datatype ?? 0
        known.set(place.name, stateOfMetric(metric, datatype, payload.time))
        names.add(place.name)
      }
    }
    return { device, names, needsBirth: !isDue || !isUnderstood }
  }

  return {
    take({ kind, device, payload }) {
      if (kind === 'NBIRTH') return nodeBirth(payload)
      if (kind === 'NDEATH') return nodeDeath(payload)
      if (kind === 'NCMD' || kind === 'DCMD') return undefined
      if (state !== 'born') return { device, names: new Set(), needsBirth: true }
      if (kind === 'NDATA' || kind === 'DDATA') return data(device, payload)
      const needsBirth = !count(payload)
      if (kind === 'DBIRTH') bear(device, payload)
      else {
        forgetDevice(device)
        // A device that dies was born: their number is that of the births.
        if (gone.size < metricsMax) gone.add(device)
      }
      return { device, needsBirth }
    },
    stateOf(device) {
      if (state !== 'born') return state
      if (gone.has(device)) return 'gone'
      return devices.has(device) ? 'born' : 'unknown'
    },
    metricOf: (device, name) => devices.get(device)?.get(name),
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
  if (value !== undefined) return { ...known, value }
  return { ...known, fault: `${sparkplugTypeName(datatype)}, which is no single value or has none` }
}

/** As text, for a birth and a will may give it in types of different width. */
function textOf({ metrics }: SparkplugPayload, name: string): string | undefined {
  return metrics.find((metric) => metric.name === name)?.raw?.toString()
}
