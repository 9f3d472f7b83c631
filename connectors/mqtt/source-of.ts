import { sparkplugFilter } from '#protocol/mqtt'
import type { MqttPoint } from './schemas.ts'

/** A metric of Sparkplug B. */
export interface SparkplugPlace {
  /** `group/edge node`. */
  readonly node: string
  /** Empty: the edge node itself. */
  readonly device: string
  readonly name: string
}

/** Where a point is heard. */
export interface Source {
  readonly filter: string
  readonly sparkplug: SparkplugPlace | undefined
}

/** A topic of the configuration with the device's name in its place. */
export function topicOf(topic: string, device: string | undefined): string {
  return device === undefined ? topic : topic.replaceAll('{device}', () => device)
}

export function sourceOf(
  { topic = '', sparkplug, name = '' }: MqttPoint['address'],
  device: string | undefined,
): Source {
  if (sparkplug === undefined) return { filter: topicOf(topic, device), sparkplug: undefined }
  const [group = '', edgeNode = '', behind = ''] = topicOf(sparkplug, device).split('/')
  const node = `${group}/${edgeNode}`
  return { filter: sparkplugFilter(node), sparkplug: { node, device: behind, name } }
}
