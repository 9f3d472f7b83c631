import type { Socket } from 'node:net'
import type { Dial } from '#connector'
import { secondsText, withTimeLimit } from '#egress'
import { secureContextOf, startTls, type TlsSettings } from '#protocol/tls'

export interface OriginOptions {
  readonly dial: Dial
  /** `https://oven.example`, `http://10.0.4.17:8080`; what follows the port is not looked at. */
  readonly origin: URL
  readonly tls: TlsSettings
  /** Time for the TLS handshake; the dial has its own limit. */
  readonly handshakeTimeoutMs: number
}

/** `secure`: the connection is encrypted; `trusted`: its certificate was checked too. */
export type Reached = (stage: 'secure' | 'trusted') => void
export type ConnectOrigin = (signal: AbortSignal, reached: Reached) => Promise<Socket>

/** Makes what connects to one origin: dials and, for https, agrees on encryption. Throws what `dial` and `startTls` throw, and TIMED_OUT. */
export function createConnectOrigin({ dial, origin, tls, handshakeTimeoutMs }: OriginOptions): ConnectOrigin {
  const isSecure = origin.protocol === 'https:'
  const context = isSecure ? secureContextOf(tls) : undefined
  const host = origin.hostname.replace(/^\[|\]$/g, '')
  const port = Number(origin.port) || (isSecure ? 443 : 80)
  const what = `${origin.protocol}//${origin.hostname}:${port}`
  const late = `${what} did not agree on encryption within ${secondsText(handshakeTimeoutMs)}`

  return async (signal, reached) => {
    const socket = await dial({ host, port, signal })
    if (signal.aborted) {
      socket.destroy()
      throw signal.reason
    }
    if (!context) return socket
    return withTimeLimit(signal, handshakeTimeoutMs, late, (limited) =>
      startTls(socket, { host, settings: tls, context, protocol: 'http/1.1', signal: limited, reached, what }),
    )
  }
}

/** Keeps a connected socket until it is taken, once; a socket that broke meanwhile is not given. */
export function keepSocket(socket: Socket): { take(): Socket | undefined } {
  let kept: Socket | undefined = socket
  const drop = () => {
    kept = undefined
  }
  socket.on('error', drop).on('close', drop)
  return {
    take() {
      const taken = kept
      taken?.off('error', drop).off('close', drop)
      drop()
      return taken
    },
  }
}
