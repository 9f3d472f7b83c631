import {
  loadSparkplugCodec,
  type SparkplugMetric,
  sparkplugRaw,
  sparkplugTopic,
  sparkplugType,
  sparkplugValue,
} from '#protocol/mqtt'
import type { SimulatedEdgeNode, SimulatedMetric } from './broker-equipment.ts'

/** A message as it leaves an edge node. */
export interface EdgeNodeMessage {
  readonly topic: string
  readonly payload: Uint8Array
}

/** What it publishes when a command comes; undefined where the topic is none of its. */
export type EdgeNode = (topic: string, payload: Uint8Array) => EdgeNodeMessage[] | undefined

const codec = await loadSparkplugCodec()
const sequenceLength = 256
const rebirth = 'Node Control/Rebirth'

/** An edge node of Sparkplug B behind a broker, with its devices. */
export function createSimulatedEdgeNode(given: SimulatedEdgeNode): EdgeNode {
  const [group = '', edgeNode = ''] = given.node.split('/')
  let nextSeq = 0

  const message = (kind: string, device: string, metrics: readonly SparkplugMetric[], seq?: number) => {
    const number = seq ?? nextSeq
    // A death is a will, which was written before anything was counted.
    const counted = kind === 'NDEATH' ? {} : { seq: number }
    if (kind !== 'NDEATH') nextSeq = (number + 1) % sequenceLength
    const topic = `spBv1.0/${group}/${kind}/${edgeNode}${device === '' ? '' : `/${device}`}`
    return { topic, payload: codec.encode({ time: given.time, ...counted, metrics }) }
  }

  const tellAll = (): EdgeNodeMessage[] => {
    nextSeq = 0
    const bdSeq = { name: 'bdSeq', datatype: 8, raw: String(given.bdSeq), isNull: false, isHistorical: false }
    const control = { name: rebirth, datatype: 11, raw: false, isNull: false, isHistorical: false }
    const births = [
      message('NBIRTH', '', [bdSeq, control, ...given.metrics.map(metricOf)]),
      ...Object.entries(given.devices).map(([device, metrics]) => message('DBIRTH', device, metrics.map(metricOf))),
    ]
    const later = given.later.map(({ kind, device, seq, metrics }) =>
      message(kind, device, metrics.map(metricOf), kind === 'NBIRTH' ? 0 : seq),
    )
    return [...births, ...later]
  }

  const obey = (device: string, commands: readonly SparkplugMetric[]): EdgeNodeMessage[] => {
    const known = device === '' ? given.metrics : (given.devices[device] ?? [])
    const done = commands.flatMap(({ name, raw, datatype }) => {
      const metric = known.find((candidate) => candidate.name === name)
      const value = datatype === undefined ? undefined : sparkplugValue(raw, datatype)
      return metric && value !== undefined ? [metricOf({ ...metric, value })] : []
    })
    return done.length === 0 ? [] : [message(device === '' ? 'NDATA' : 'DDATA', device, done)]
  }

  return (topic, payload) => {
    const place = sparkplugTopic(topic)
    if (place?.node !== given.node || !place.kind.endsWith('CMD')) return undefined
    const { metrics } = codec.decode(payload) ?? { metrics: [] }
    const isAsked = metrics.some(({ name, raw }) => name === rebirth && raw === true)
    if (!isAsked) return obey(place.device, metrics)
    return given.rebirth === 'tells' ? tellAll() : []
  }
}

function metricOf({ type, value, alias, ...metric }: SimulatedMetric): SparkplugMetric {
  const datatype = sparkplugType(type)
  if (datatype === undefined) throw new Error(`Sparkplug has no type ${type}`)
  const raw = value === undefined ? undefined : sparkplugRaw(value, datatype)
  const given = { ...metric, datatype, raw, alias: alias === undefined ? undefined : String(alias) }
  return Object.fromEntries(
    Object.entries(given).filter(([, part]) => part !== undefined),
  ) as unknown as SparkplugMetric
}
