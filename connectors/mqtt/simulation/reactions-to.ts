import { isDeepStrictEqual } from 'node:util'
import { type BrokerEquipment, type BrokerMessage, payloadOf } from './broker-equipment.ts'

type Reaction = BrokerEquipment['reactions'][number]

/** What machines publish because of a command: whether it is the same JSON, or the same bytes. */
export function reactionsTo(reactions: readonly Reaction[], topic: string, payload: Uint8Array): BrokerMessage[] {
  return reactions.flatMap((reaction) => {
    const isMeant = reaction.topic === topic && isSame(payloadOf(reaction), payload)
    return isMeant ? reaction.messages : []
  })
}

function isSame(wanted: Uint8Array, given: Uint8Array): boolean {
  return isDeepStrictEqual(contentOf(wanted), contentOf(given))
}

function contentOf(payload: Uint8Array): unknown {
  const text = Buffer.from(payload).toString()
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
