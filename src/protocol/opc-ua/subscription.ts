import { BakewireError, toBakewireError } from '#core'
import { answersFor, inParts } from './in-parts.ts'
import type { Library } from './library.ts'
import type { NodeId } from './opc-ua-services.ts'
import type { Channel, Limits } from './open-channel.ts'
import type { Message, Publisher } from './publisher.ts'
import type { GivenValue } from './sample-of.ts'

export interface SubscriptionOptions {
  readonly publishingIntervalMs: number
  /** Of each of its requests. */
  readonly limits: Limits
  readonly monotonic: () => number
  /** Hears what has changed, in the order in which it did. */
  changed(changes: readonly Change[]): void
  /** Hears once that it has ended by itself: what it told may be out of date. */
  ended(error: BakewireError): void
}

export interface Change {
  /** Of the item. */
  readonly handle: number
  readonly value: GivenValue
}

export interface Item {
  /** Which changes are this item's. */
  readonly handle: number
  readonly nodeId: NodeId
  readonly index: number | undefined
  readonly samplingIntervalMs: number
  /** Values kept between two publishings. */
  readonly queueSize: number
  readonly deadband: { readonly kind: 'absolute' | 'percent'; readonly value: number } | undefined
}

/** The id of an item on the server, or the status that says why it is none. */
export type Added = { readonly id: number } | { readonly status: string }

/** Monitored items whose changes the server tells (OPC 10000-4, 5.13 and 5.14). */
export interface Subscription {
  /** One answer for each item, in order. */
  add(items: readonly Item[]): Promise<Added[]>
  remove(ids: readonly number[]): Promise<void>
  /** Whether the server has said so recently enough: what it told last still holds then. */
  isAlive(): boolean
  end(): Promise<void>
}

export type Subscribe = (options: SubscriptionOptions) => Promise<Subscription>

interface SubscribeParts {
  readonly library: Library
  readonly channel: Channel
  readonly token: unknown
  readonly publisher: Publisher
  readonly perRequest: { readonly monitor: number }
}

/** A sign of life comes this often while nothing changes; rarer where the publishing interval is longer. */
const keepAliveMs = 2_000
/** So many may be missing: a busy server is late, and one answer may be lost. */
const keepAlivesMissing = 3
/** Whatever interval a server names, it is missed after this long. */
const silenceMaxMs = 600_000
/** What the server keeps a subscription for when nobody asks: as long as the session. */
const lifetimeMs = 60_000
/** Messages that are asked for again; whoever misses more begins anew. */
const republishedMax = 100
const endingMs = 500
const reporting = 2
const sourceTimestamps = 0
const valueAttribute = 13
const statusOrValue = 1
const deadbandTypes = { absolute: 1, percent: 2 } as const
/** Numbers of messages go up to this one, and then on from 1. */
const sequenceMax = 2 ** 32 - 1

interface Created {
  readonly subscriptionId: number
  readonly revisedPublishingInterval: number
  readonly revisedMaxKeepAliveCount: number
}

interface ItemsCreated {
  readonly results:
    | readonly {
        readonly statusCode: { readonly name: string; readonly value: number }
        readonly monitoredItemId: number
      }[]
    | null
}

export function createSubscribe({ library, channel, token, publisher, perRequest }: SubscribeParts): Subscribe {
  const requestHeader = () => ({ authenticationToken: token as never })

  const create = (publishingIntervalMs: number, limits: Limits): Promise<Created> => {
    const keepAlives = Math.ceil(keepAliveMs / publishingIntervalMs)
    const request = new library.CreateSubscriptionRequest({
      requestHeader: requestHeader(),
      requestedPublishingInterval: publishingIntervalMs,
      requestedMaxKeepAliveCount: keepAlives,
      // At least three times the keep-alives (OPC 10000-4, 5.14.2.2).
      requestedLifetimeCount: Math.max(keepAlives * 3, Math.ceil(lifetimeMs / publishingIntervalMs)),
      maxNotificationsPerPublish: 0,
      publishingEnabled: true,
    })
    return channel.request('subscribing', request, limits)
  }

  const addSome = async (subscriptionId: number, items: readonly Item[], limits: Limits): Promise<Added[]> => {
    const request = new library.CreateMonitoredItemsRequest({
      requestHeader: requestHeader(),
      subscriptionId,
      timestampsToReturn: sourceTimestamps,
      itemsToCreate: items.map(({ handle, nodeId, index, samplingIntervalMs, queueSize, deadband }) => ({
        itemToMonitor: {
          nodeId,
          attributeId: valueAttribute,
          ...(index === undefined ? {} : { indexRange: new library.NumericRange(index) }),
        },
        monitoringMode: reporting,
        requestedParameters: {
          clientHandle: handle,
          samplingInterval: samplingIntervalMs,
          queueSize,
          discardOldest: true,
          filter: deadband
            ? new library.DataChangeFilter({
                trigger: statusOrValue,
                deadbandType: deadbandTypes[deadband.kind],
                deadbandValue: deadband.value,
              })
            : null,
        },
      })),
    })
    const { results } = await channel.request<ItemsCreated>('monitoring', request, limits)
    return answersFor(items, results, 'monitoring').map(({ statusCode, monitoredItemId }) =>
      statusCode.value === 0 ? { id: monitoredItemId } : { status: statusCode.name },
    )
  }

  const deleteAtServer = async (subscriptionId: number) => {
    const request = new library.DeleteSubscriptionsRequest({
      requestHeader: requestHeader(),
      subscriptionIds: [subscriptionId],
    })
    const limits = { signal: new AbortController().signal, timeoutMs: endingMs }
    // A server that does not answer, or knows it no more, ends it by itself.
    await channel.request('ending a subscription', request, limits).catch(() => undefined)
  }

  const republish = async (subscriptionId: number, sequenceNumber: number, limits: Limits): Promise<Message> => {
    const request = new library.RepublishRequest({
      requestHeader: requestHeader(),
      subscriptionId,
      retransmitSequenceNumber: sequenceNumber,
    })
    const doing = 'asking for a missing message'
    return (await channel.request<{ notificationMessage: Message }>(doing, request, limits)).notificationMessage
  }

  return async (options) => {
    const { limits } = options
    const created = await create(options.publishingIntervalMs, limits)
    const { subscriptionId } = created
    let isOver = false
    let expected = 1
    let heardAt = options.monotonic()

    const finish = () => {
      isOver = true
      clearTimeout(watchdog)
      unattend()
    }
    const fail = (error: BakewireError) => {
      if (isOver) return
      finish()
      void deleteAtServer(subscriptionId)
      options.ended(error)
    }

    const tell = ({ notificationData }: Message) => {
      for (const data of notificationData ?? []) {
        if (isOver) return
        if (data instanceof library.StatusChangeNotification) {
          fail(new BakewireError('DEVICE_BUSY', `the server ended the subscription: ${data.status.name}`))
        } else if (data instanceof library.DataChangeNotification) {
          const items = data.monitoredItems ?? []
          options.changed(items.map(({ clientHandle, value }) => ({ handle: clientHandle, value })))
        }
      }
    }

    /** What came between the last message and this one, asked for again. */
    const fill = async (upTo: number) => {
      if (distance(expected, upTo) > republishedMax) throw missed()
      while (expected !== upTo && !isOver) {
        const message = await republish(subscriptionId, expected, limits).catch(() => undefined)
        if (message?.sequenceNumber !== expected) throw missed()
        tell(message)
        expected = following(expected)
      }
    }

    const take = async (message: Message) => {
      if (isOver) return
      heardAt = options.monotonic()
      watchdog.refresh()
      const { sequenceNumber, notificationData } = message
      const isOld = distance(expected, sequenceNumber) > sequenceMax / 2
      if (isOld) return
      if (sequenceNumber !== expected) await fill(sequenceNumber)
      if ((notificationData?.length ?? 0) === 0 || isOver) return
      expected = following(sequenceNumber)
      tell(message)
    }

    const silenceMs = silenceOf(created, options.publishingIntervalMs)
    const watchdog = setTimeout(() => {
      publisher.askAgain()
      fail(
        new BakewireError('TIMED_OUT', `the subscription gave no sign of life for ${Math.round(silenceMs / 1_000)} s`),
      )
    }, silenceMs)
    watchdog.unref()
    // Messages are dealt with one after the other, also those that come on different requests.
    let turn = Promise.resolve()
    const unattend = publisher.attend(subscriptionId, {
      take(message) {
        turn = turn.then(() => take(message)).catch((thrown) => fail(toBakewireError(thrown, 'hearing of changes')))
        return turn
      },
      failed: fail,
    })

    return {
      add: (items) => inParts(items, perRequest.monitor, (part) => addSome(subscriptionId, part, limits)),
      async remove(ids) {
        if (isOver) return
        await inParts(ids, perRequest.monitor, async (part) => {
          const request = new library.DeleteMonitoredItemsRequest({
            requestHeader: requestHeader(),
            subscriptionId,
            monitoredItemIds: [...part],
          })
          await channel.request('ending monitoring', request, limits)
          return []
        })
      },
      isAlive: () => !isOver && !publisher.hasEnded() && options.monotonic() - heardAt < silenceMs,
      async end() {
        if (isOver) return
        finish()
        await deleteAtServer(subscriptionId)
      },
    }
  }
}

function missed(): BakewireError {
  return new BakewireError('DEVICE_BUSY', 'the server does not have messages any more that were lost on the way')
}

function silenceOf({ revisedPublishingInterval, revisedMaxKeepAliveCount }: Created, requestedMs: number): number {
  const periodMs = revisedPublishingInterval * Math.max(revisedMaxKeepAliveCount, 1)
  const aliveMs = Number.isFinite(periodMs) && periodMs > 0 ? Math.max(periodMs, requestedMs) : keepAliveMs
  return Math.min(aliveMs * keepAlivesMissing, silenceMaxMs)
}

function following(sequenceNumber: number): number {
  return sequenceNumber === sequenceMax ? 1 : sequenceNumber + 1
}

/** How many messages one is behind the other. */
function distance(from: number, to: number): number {
  return (to - from) >>> 0
}
