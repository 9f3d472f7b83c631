import { isDeepStrictEqual } from 'node:util'
import { BakewireError, type LinkTools } from '#connector'
import { type MqttClient, openMqttClient, untilAborted } from '#protocol/mqtt'
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
  close(): Promise<void>
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

export function createConnections(tools: LinkTools): Connections {
  const accounts = new Set<Account>()
  const ended = new AbortController()
  let isClosed = false

  const connect = async (target: MqttTarget): Promise<Connection> => {
    const { endpoint, port, credentials, settings, timeoutMs } = target
    const { isSecure, host } = addressParts(endpoint)
    const { verify_ssl: verify, ca, client_certificate: certificate } = settings
    // An account that may not publish would be thrown out by some brokers.
    const send = settings.rebirth ? (topic: string, payload: Uint8Array) => void publish(topic, payload) : undefined
    const ears = createEars({ clock: tools.clock, send })
    const client = await openMqttClient({
      dial: tools.dial,
      host,
      port,
      tls: isSecure ? { verify, ca, certificate, key: credentials.client_key } : undefined,
      version: settings.version === '5' ? 5 : 4,
      username: credentials.username,
      password: credentials.password,
      timeoutMs,
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
    async close() {
      isClosed = true
      ended.abort(new BakewireError('LINK_LOST', 'the link was closed'))
      await Promise.all([...accounts].map(letGo))
    },
  }
}
