import type { Socket } from 'node:net'
import { BakewireError } from '#core'

/** What a peer may take to end its side of a connection that we have ended. */
const lettingGoMs = 1_000

/** What carries bytes to machines: a connection or a serial port that is open. */
export interface Wire {
  isOpen(): boolean
  /** To be called once. `gone`: by itself; may be told more than once, and after `drop` and `end` too. */
  listen(events: { readonly received: (chunk: Buffer) => void; readonly gone: (error: BakewireError) => void }): void
  send(bytes: Buffer): void
  /** Ends it at once. Safe twice. */
  drop(): void
  /** Ends it, and resolves when others can have it. */
  end(): Promise<void>
}

/** Takes over a connected socket. */
export function socketWire(socket: Socket): Wire {
  socket.setNoDelay(true)
  return {
    isOpen: () => socket.readyState === 'open',
    listen({ received, gone }) {
      const lose = (cause?: Error) =>
        gone(new BakewireError('LINK_LOST', 'the machine closed the connection', { cause }))
      socket.on('data', received)
      socket.on('end', () => lose())
      socket.on('close', () => lose())
      socket.on('error', lose)
    },
    send: (bytes) => void socket.write(bytes),
    drop: () => void socket.destroy(),
    /** When the peer has ended its side too, so that its slot is free; at latest after a second. */
    end() {
      const { promise, resolve } = Promise.withResolvers<void>()
      if (socket.closed) resolve()
      const tooLong = setTimeout(() => socket.destroy(), lettingGoMs)
      socket.once('close', () => resolve())
      socket.end()
      return promise.finally(() => clearTimeout(tooLong))
    },
  }
}
