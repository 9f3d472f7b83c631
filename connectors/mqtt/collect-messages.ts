import type { MqttMessage } from '#protocol/mqtt'

/** What was heard on a filter: the newest message of each topic, as far as there is room. */
export interface Collected {
  readonly messages: ReadonlyMap<string, Uint8Array>
  /** Filters below which there is more than there was room for. */
  readonly more: ReadonlySet<string>
}

/** More topics than somebody looks through; a bakery has some hundreds. */
const topicsMax = 2_000
/** Twice what 2,000 messages of 2 KB take. */
const bytesMax = 8 * 1024 * 1024
const moreMax = 100

export function createCollector(filter: string): Collected & { hear(message: MqttMessage): void } {
  const messages = new Map<string, Uint8Array>()
  const more = new Set<string>()
  const depth = filter.split('/').length
  let bytes = 0
  return {
    messages,
    more,
    hear({ topic, payload }) {
      const before = messages.get(topic)
      const grownTo = bytes - (before?.length ?? 0) + payload.length
      const hasRoom = grownTo <= bytesMax && (before !== undefined || messages.size < topicsMax)
      if (hasRoom) {
        messages.set(topic, payload)
        bytes = grownTo
      } else if (more.size < moreMax) more.add(`${topic.split('/').slice(0, depth).join('/')}/#`)
    },
  }
}
