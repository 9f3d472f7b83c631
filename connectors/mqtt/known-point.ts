import { profiles } from './profiles/index.ts'

interface KnownPoint {
  readonly topic: RegExp
  readonly pointer: string | undefined
  readonly complete: (topic: string, device: string) => Readonly<Record<string, unknown>>
}

/** What profiles say of their machines' topics, turned round: which point a topic and a place in its messages are. */
const known: readonly KnownPoint[] = profiles.flatMap(({ points }) =>
  points.map(({ metric, unit, address }) => ({
    topic: patternOf(address.topic),
    pointer: address.pointer,
    complete: (topic: string, device: string) => ({
      metric,
      ...(unit === undefined ? {} : { unit }),
      ...address,
      topic,
      ...(address.command_topic === undefined ? {} : { command_topic: placed(address.command_topic, device) }),
    }),
  })),
)

/** The point that a profile has at this place, for a machine whose name is in the topic. */
export function knownPoint(topic: string, pointer: string | undefined): Readonly<Record<string, unknown>> | undefined {
  for (const candidate of known) {
    if (candidate.pointer !== pointer) continue
    const device = candidate.topic.exec(topic)?.groups?.['device']
    if (device !== undefined) return candidate.complete(topic, device)
  }
  return undefined
}

function patternOf(topic: string): RegExp {
  const [before = '', after = ''] = topic.split('{device}').map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${before}(?<device>.+)${after}$`)
}

function placed(topic: string, device: string): string {
  return topic.replaceAll('{device}', () => device)
}
