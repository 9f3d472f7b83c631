import { connect, isIPv6, type Socket } from 'node:net'
import { BakewireError } from '#core'

/** An idle connection that a router or the machine has forgotten is noticed after this long. */
const keepAliveDelayMs = 30_000

/**
 * Connects to an address that was checked. The socket has keep-alive and no delay. Rejects with the signal's reason on
 * abort, else with UNREACHABLE, TIMED_OUT or UNAVAILABLE; on every rejection the socket is gone.
 */
export function connectTo(address: string, port: number, signal: AbortSignal): Promise<Socket> {
  signal.throwIfAborted()
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: address,
      port,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: keepAliveDelayMs,
    })
    const settle = () => {
      signal.removeEventListener('abort', onAbort)
      socket.off('connect', onConnect).off('error', onError)
    }
    const onConnect = () => {
      settle()
      resolve(socket)
    }
    const onError = (error: NodeJS.ErrnoException) => {
      settle()
      reject(connectFault(error, isIPv6(address) ? `[${address}]:${port}` : `${address}:${port}`))
    }
    const onAbort = () => {
      settle()
      socket.destroy()
      reject(signal.reason)
    }
    signal.addEventListener('abort', onAbort, { once: true })
    socket.on('connect', onConnect).on('error', onError)
  })
}

function connectFault(cause: NodeJS.ErrnoException, where: string): BakewireError {
  switch (cause.code) {
    case 'ECONNREFUSED':
      return new BakewireError('UNREACHABLE', `${where} refuses connections`, { cause })
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EHOSTDOWN':
    case 'ENETDOWN':
      return new BakewireError('UNREACHABLE', `There is no route to ${where}`, { cause })
    case 'ETIMEDOUT':
      return new BakewireError('TIMED_OUT', `${where} does not answer`, { cause })
    case 'EACCES':
    case 'EPERM':
      return new BakewireError('UNREACHABLE', `This computer's firewall forbids to dial ${where}`, { cause })
    case 'EMFILE':
    case 'ENFILE':
      return new BakewireError('UNAVAILABLE', `No socket is free to dial ${where}`, { cause })
    default:
      return new BakewireError('UNREACHABLE', `${where} cannot be dialled (${cause.code ?? 'unknown'})`, { cause })
  }
}
