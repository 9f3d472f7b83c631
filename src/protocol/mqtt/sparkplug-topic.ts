import { topicLengthMax } from './topic.ts'

const kinds = ['NBIRTH', 'NDEATH', 'NDATA', 'NCMD', 'DBIRTH', 'DDEATH', 'DDATA', 'DCMD'] as const
export type SparkplugKind = (typeof kinds)[number]

export interface SparkplugTopic {
  readonly kind: SparkplugKind
  /** `group/edge node`. */
  readonly node: string
  /** Empty: the edge node itself. */
  readonly device: string
}

const namespace = 'spBv1.0'

/** Where a Sparkplug B message belongs (3.0, 4.1); undefined for every other topic. */
export function sparkplugTopic(topic: string): SparkplugTopic | undefined {
  // Of every topic that comes, most are others; longer ones are none that a point could name.
  if (!topic.startsWith(`${namespace}/`) || topic.length > topicLengthMax) return undefined
  const [, group, word, edgeNode, device = '', ...more] = topic.split('/')
  const kind = kinds.find((name) => name === word)
  if (!kind || !group || !edgeNode || more.length > 0) return undefined
  return kind.startsWith('D') === (device !== '') ? { kind, node: `${group}/${edgeNode}`, device } : undefined
}

/** All that an edge node sends, its devices included: their messages are counted together. `node` is `group/edge node`. */
export function sparkplugFilter(node: string): string {
  const [group = '', edgeNode = ''] = node.split('/')
  return `${namespace}/${group}/+/${edgeNode}/#`
}

/** Where an edge node, or a device behind it, takes commands. */
export function sparkplugCommandTopic(node: string, device: string): string {
  const [group = '', edgeNode = ''] = node.split('/')
  return device === '' ? `${namespace}/${group}/NCMD/${edgeNode}` : `${namespace}/${group}/DCMD/${edgeNode}/${device}`
}
