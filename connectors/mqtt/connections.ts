import { isDeepStrictEqual } from 'node:util'
import { BakewireError, type LinkTools } from '#connector'
import { type MqttClient, type MqttClientOptions, type MqttMessage, openMqttClient, untilAborted } from '#protocol/mqtt'
import { addressParts } from './address-parts.ts'
import { createEars, type Ears } from './ears.ts'
import type { MqttTarget } from './schemas.ts'

export interface Connection {
  readonly client: MqttClient
  readonly ears: Ears
}

/**
 * The connections of a link: one, unless machines or a test give other passwords for the same account. Each password has a
 * connection of its own, so that a wrong one is refused by the broker and a new one need not be given to all at once.
 */
export interface Connections {
  /** Throws what `openMqttClient` throws, OVERLOADED, or the signal's reason: giving up the wait does not disturb others who wait. */
  of(target: MqttTarget, signal: AbortSignal): Promise<Connection>
  /**
   * A connection of its own for a while, so that a flood, or the end of it, is nothing to those who poll. Throws as `of` does, and
   * what `work` throws.
   */
  aside<T>(target: MqttTarget, how: Aside, work: (client: MqttClient, signal: AbortSignal) => Promise<T>): Promise<T>
  close(): Promise<void>
}

interface Aside {
  readonly signal: AbortSignal
  readonly onMessage: (message: MqttMessage) => void
}

interface Account {
  readonly credentials: MqttTarget['credentials']
  readonly connecting: Promise<Connection>
  connection?: Connection
  /** Monotonic ms. */
  usedAt: number
}

/** Old and new password, and some that are tried. */
const accountsMax = 8
/** A password that no machine has any more is not used by any poll: the longest interval is a day. */
const unusedMs = 25 * 3_600_000

/** Each may bring all that a broker carries. */
const asidesMax = 2

export function createConnections(tools: LinkTools): Connections {
  const accounts = new Set<Account>()
  const ended = new AbortController()
  let isClosed = false
  let asides = 0

  const openClient = (
    target: MqttTarget,
    how: Pick<MqttClientOptions, 'signal' | 'reached' | 'onMessage' | 'onLost'>,
  ) => {
    const { endpoint, port, credentials, settings, timeoutMs } = target
    const { isSecure, host } = addressParts(endpoint)
    const { verify_ssl: verify, ca, client_certificate: certificate } = settings
    return openMqttClient({
      dial: tools.dial,
      host,
      port,
      tls: isSecure ? { verify, ca, certificate, key: credentials.client_key } : undefined,
      version: settings.version === '5' ? 5 : 4,
      username: credentials.username,
      password: credentials.password,
      timeoutMs,
      ...how,
    })
  }

  const connect = async (target: MqttTarget): Promise<Connection> => {
    // An account that may not publish would be thrown out by some brokers.
    const { rebirth } = target.settings
    const send = rebirth ? (topic: string, payload: Uint8Array) => void publish(topic, payload) : undefined
    const ears = createEars({ clock: tools.clock, send })
    const client = await openClient(target, {
      signal: ended.signal,
      reached: tools.reached,
      onMessage: ears.hear,
      // One that is lost ends the link: the framework opens it anew, and all listen again.
      onLost: (error) => {
        if (isClosed) return
        isClosed = true
        tools.lost(error)
      },
    })
    const publish = (topic: string, payload: Uint8Array) =>
      client.publish(topic, payload, { qos: 0, signal: ended.signal }).catch((error: unknown) => {
        tools.log.debug({ err: error }, 'a rebirth could not be asked for')
      })
    if (!isClosed) return { client, ears }
    await client.close()
    throw new BakewireError('LINK_LOST', 'the link was closed while it was being opened')
  }

  const letGo = ({ connecting }: Account): Promise<void> =>
    connecting.then(
      ({ client }) => client.close(),
      () => undefined,
    )

  const add = (target: MqttTarget): Account => {
    const now = tools.clock.monotonic()
    const unused = [...accounts].find(({ usedAt }) => now - usedAt > unusedMs)
    if (unused && accounts.delete(unused)) void letGo(unused)
    if (accounts.size >= accountsMax) {
      throw new BakewireError('OVERLOADED', 'too many passwords are in use for one account')
    }
    const account: Account = { credentials: target.credentials, connecting: connect(target), usedAt: now }
    accounts.add(account)
    account.connecting.then(
      (connection) => Object.assign(account, { connection }),
      () => accounts.delete(account),
    )
    return account
  }

  return {
    async of(target, signal) {
      const known = [...accounts].find(({ credentials }) => isDeepStrictEqual(credentials, target.credentials))
      const account = known ?? add(target)
      account.usedAt = tools.clock.monotonic()
      // One that has ended says why, which the signal of its link does not know.
      return account.connection ?? untilAborted(account.connecting, signal)
    },
    async aside(target, { signal, onMessage }, work) {
      if (asides >= asidesMax) throw new BakewireError('OVERLOADED', 'others are looking around on this broker already')
      asides += 1
      try {
        const either = AbortSignal.any([signal, ended.signal])
        const quiet = { reached: () => undefined, onLost: () => undefined }
        const client = await openClient(target, { signal: either, onMessage, ...quiet })
        return await work(client, either).finally(() => client.close())
      } finally {
        asides -= 1
      }
    },
    async close() {
      isClosed = true
      ended.abort(new BakewireError('LINK_LOST', 'the link was closed'))
      await Promise.all([...accounts].map(letGo))
    },
  }
}
