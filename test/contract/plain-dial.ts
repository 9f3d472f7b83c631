import { connect, type Socket } from 'node:net'
import { BakewireError } from '#connector'

/** What the egress gate gives to connectors, without its policy: only tests dial by themselves. */
export function plainDial(options: { afterDial?: () => void } = {}) {
  const dialled: Socket[] = []
  const dial = ({ host, port, signal }: { host: string; port: number; signal: AbortSignal }) =>
    new Promise<Socket>((resolve, reject) => {
      signal.throwIfAborted()
      const socket = connect({ host, port, noDelay: true, keepAlive: true })
      dialled.push(socket)
      const giveUp = () => socket.destroy(new Error('the dialling was aborted'))
      const fail = (cause: Error) =>
        reject(new BakewireError('UNREACHABLE', `${host}:${port} refuses connections`, { cause }))
      signal.addEventListener('abort', giveUp)
      socket.once('error', fail)
      socket.once('connect', () => {
        signal.removeEventListener('abort', giveUp)
        socket.off('error', fail)
        resolve(socket)
        options.afterDial?.()
      })
    })
  /** Sockets dialled here that are still open on our side. */
  const openSockets = () => dialled.filter((socket) => !socket.destroyed).length
  return { dial, openSockets }
}
