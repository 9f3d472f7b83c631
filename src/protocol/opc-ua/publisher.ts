import { setTimeout as sleep } from 'node:timers/promises'
import { type BakewireError, toBakewireError } from '#core'
import type { Library } from './library.ts'
import type { Channel } from './open-channel.ts'

/** A NotificationMessage (OPC 10000-4, 7.25): without data it is a keep-alive, whose number is that of the next message. */
export interface Message {
  readonly sequenceNumber: number
  readonly notificationData: readonly unknown[] | null
}

/** Who is told what a subscription sends. */
export interface Reader {
  /** Messages come in order; the next request for one waits until this one is dealt with. */
  take(message: Message): Promise<void>
  /** Nothing more will come. */
  failed(error: BakewireError): void
}

/** The requests of a session that the server answers when it has something to tell (OPC 10000-4, 5.14.5). */
export interface Publisher {
  /** Sends what a subscription tells to its reader, until what is returned is called. */
  attend(subscriptionId: number, reader: Reader): () => void
  /** Asks again: the answers to what was asked seem to be lost. */
  askAgain(): void
  end(): void
  /** Nothing is heard any more: what was told may be out of date. */
  hasEnded(): boolean
}

interface PublisherParts {
  readonly library: Library
  readonly channel: Channel
  /** Of the session. */
  readonly token: unknown
  /** The session, or the connection, is over. */
  readonly lost: (error: BakewireError) => void
}

/** Always one with the server while the answer to the other is on its way. */
const requestsAtOnce = 2
/** Longer than any subscription is silent: one that is misses its keep-alives first. */
const patienceMs = 600_000
/** A server that takes no more requests is asked again after this long. */
const restMs = 1_000
/** Of messages whose acknowledgement the server has not taken yet; it forgets the oldest ones by itself, too. */
const acknowledgementsMax = 1_000

interface Answer {
  readonly subscriptionId: number
  readonly notificationMessage: Message
}

interface Acknowledgement {
  readonly subscriptionId: number
  readonly sequenceNumber: number
}

export function createPublisher({ library, channel, token, lost }: PublisherParts): Publisher {
  const readers = new Map<number, Reader>()
  let acknowledgements: Acknowledgement[] = []
  let asking = new AbortController()
  let requests = 0
  let hasEnded = false

  const publish = async (signal: AbortSignal): Promise<Answer> => {
    const sent = acknowledgements.splice(0)
    const request = new library.PublishRequest({
      requestHeader: { authenticationToken: token as never, timeoutHint: patienceMs },
      subscriptionAcknowledgements: sent,
    })
    try {
      return await channel.request('waiting for changes', request, { signal, timeoutMs: patienceMs })
    } catch (error) {
      acknowledgements = [...sent, ...acknowledgements].slice(-acknowledgementsMax)
      throw error
    }
  }

  const deliver = async ({ subscriptionId, notificationMessage }: Answer) => {
    const { sequenceNumber, notificationData } = notificationMessage
    // Of one that was given up already: its messages need not be kept either.
    if ((notificationData?.length ?? 0) > 0) acknowledgements.push({ subscriptionId, sequenceNumber })
    await readers.get(subscriptionId)?.take(notificationMessage)
  }

  const ask = async (signal: AbortSignal) => {
    requests += 1
    while (readers.size > 0 && !signal.aborted) {
      try {
        await deliver(await publish(signal))
      } catch (thrown) {
        if (signal.aborted) return
        const error = toBakewireError(thrown, 'waiting for changes')
        if (error.code === 'LINK_LOST') lost(error)
        // The server takes no so many requests, or does not keep them so long. Whether subscriptions live they tell themselves.
        else if (error.code === 'DEVICE_BUSY' && requests > 1) break
        else if (error.code === 'DEVICE_BUSY' || error.code === 'TIMED_OUT') await sleep(restMs)
        else for (const reader of [...readers.values()]) reader.failed(error)
      }
    }
    if (!signal.aborted) requests -= 1
  }

  const askEnough = () => {
    while (requests < requestsAtOnce) void ask(asking.signal)
  }

  return {
    attend(subscriptionId, reader) {
      readers.set(subscriptionId, reader)
      askEnough()
      return () => {
        if (readers.get(subscriptionId) === reader) readers.delete(subscriptionId)
      }
    },
    askAgain() {
      asking.abort()
      asking = new AbortController()
      requests = 0
      if (readers.size > 0) askEnough()
    },
    end() {
      hasEnded = true
      readers.clear()
      asking.abort()
    },
    hasEnded: () => hasEnded,
  }
}
