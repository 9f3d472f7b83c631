import { isIP, type Socket } from 'node:net'
import { connect, createSecureContext, getCACertificates, type SecureContext, type TLSSocket } from 'node:tls'
import { tlsFault } from './tls-fault.ts'

export interface TlsSettings {
  /** False: any certificate is taken. The connection is encrypted then, but to whom is not known. */
  readonly verify: boolean
  /** PEM certificates that are trusted besides those that the system trusts. */
  readonly ca?: string | undefined
  /** PEM: who we are, where the other side wants to know. */
  readonly certificate?: string | undefined
  readonly key?: string | undefined
}

/** Makes the context that all connections of one client share. */
export function secureContextOf({ ca, certificate, key }: TlsSettings): SecureContext {
  return createSecureContext({
    minVersion: 'TLSv1.2',
    ...(ca === undefined ? {} : { ca: [...getCACertificates('default'), ca] }),
    ...(certificate === undefined ? {} : { cert: certificate }),
    ...(key === undefined ? {} : { key }),
  })
}

interface StartTlsOptions {
  readonly host: string
  readonly settings: TlsSettings
  readonly context: SecureContext
  /** RFC 7301: what will be spoken. MQTT says nothing: brokers that look for other names would refuse its own. */
  readonly protocol?: 'http/1.1'
  readonly signal: AbortSignal
  readonly reached: (stage: 'secure' | 'trusted') => void
  /** Whom we speak to, for messages. */
  readonly what: string
}

/**
 * Turns a connected socket into a TLS one. The certificate is checked against `host` as it was configured. Rejects with
 * CERTIFICATE_REJECTED, TLS_FAILED or the signal's reason; on every rejection the socket is gone.
 */
export function startTls(socket: Socket, options: StartTlsOptions): Promise<TLSSocket> {
  const { host, settings, context, protocol, signal, reached, what } = options
  return new Promise((resolve, reject) => {
    const secured = connect({
      socket,
      host,
      // RFC 6066, 3: no server name for addresses, and none with a final dot.
      servername: isIP(host) === 0 ? host.replace(/\.$/, '') : '',
      secureContext: context,
      rejectUnauthorized: settings.verify,
      ...(protocol === undefined ? {} : { ALPNProtocols: [protocol] }),
    })
    const settle = () => {
      signal.removeEventListener('abort', onAbort)
      secured.off('secureConnect', onSecure).off('error', onError)
    }
    const onSecure = () => {
      settle()
      reached('secure')
      if (settings.verify) reached('trusted')
      resolve(secured)
    }
    const onError = (error: Error) => {
      settle()
      secured.destroy()
      const fault = tlsFault(error, what)
      if (fault.code === 'CERTIFICATE_REJECTED') reached('secure')
      reject(fault)
    }
    const onAbort = () => {
      settle()
      secured.destroy()
      reject(signal.reason)
    }
    signal.addEventListener('abort', onAbort, { once: true })
    secured.on('secureConnect', onSecure).on('error', onError)
  })
}
