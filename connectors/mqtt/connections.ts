import { isDeepStrictEqual } from 'node:util'
import { BakewireError, type LinkTools } from '#connector'
import { type MqttClient, openMqttClient } from '#protocol/mqtt'
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
  /** Throws what `openMqttClient` throws, and OVERLOADED. */
  of(target: MqttTarget, signal: AbortSignal): Promise<Connection>
  close(): Promise<void>
}

interface Account {
  readonly credentials: MqttTarget['credentials']
  readonly connecting: Promise<Connection>
}

/** Old and new password, and some that are tried. */
const accountsMax = 8

export function createConnections(tools: LinkTools): Connections {
  const accounts = new Set<Account>()
  let isClosed = false

  const connect = async (target: MqttTarget, signal: AbortSignal): Promise<Connection> => {
    const { endpoint, port, credentials, settings, timeoutMs } = target
    const { isSecure, host } = addressParts(endpoint)
    const { verify_ssl: verify, ca, client_certificate: certificate } = settings
    const ears = createEars(tools)
    const client = await openMqttClient({
      dial: tools.dial,
      host,
      port,
      tls: isSecure ? { verify, ca, certificate, key: credentials.client_key } : undefined,
      version: settings.version === '5' ? 5 : 4,
      username: credentials.username,
      password: credentials.password,
      timeoutMs,
      signal,
      reached: tools.reached,
      onMessage: ears.hear,
      // One that is lost ends the link: the framework opens it anew, and all listen again.
      onLost: (error) => {
        if (isClosed) return
        isClosed = true
        tools.lost(error)
      },
    })
    if (!isClosed) return { client, ears }
    await client.close()
    throw new BakewireError('LINK_LOST', 'the link was closed while it was being opened')
  }

  return {
    of(target, signal) {
      const { credentials } = target
      const known = [...accounts].find((account) => isDeepStrictEqual(account.credentials, credentials))
      if (known) return known.connecting
      if (accounts.size >= accountsMax) {
        return Promise.reject(new BakewireError('OVERLOADED', 'too many passwords are in use for one account'))
      }
      const account: Account = { credentials, connecting: connect(target, signal) }
      accounts.add(account)
      account.connecting.catch(() => accounts.delete(account))
      return account.connecting
    },
    async close() {
      isClosed = true
      const closing = [...accounts].map(({ connecting }) =>
        connecting.then(
          ({ client }) => client.close(),
          () => undefined,
        ),
      )
      await Promise.all(closing)
    },
  }
}
