import { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import { BakewireError } from '#core'
import { quietly } from './library.ts'

/** What we tell the server that we take (OPC 10000-6, 7.1.2.3), and hold it to. */
export const chunkBytesMax = 65_536
/** 500 values are some 50 KB; a server with a hundred long certificates in its endpoints stays below, too. */
export const messageBytesMax = 4 * 1024 * 1024
/** Of a server whose buffers are as small as the standard allows, 8,192 bytes. Chunks are kept until the last one is there. */
export const chunksMax = messageBytesMax / 8_192

const headerBytes = 8
/** Message types of a server; the fourth letter says whether more chunks follow (C), none does (F), or it was given up (A). */
const chunkTypes = /^(ACKF|ERRF|OPNF|CLOF|MSG[CFA])$/

/**
 * A socket as the library sees it: it gets whole chunks only, none longer and no message longer than was negotiated, and
 * what it throws at a chunk ends the connection instead of the process.
 */
export class FramedSocket extends EventEmitter {
  /** Why the connection was ended on this side, or by an error message of the server. */
  failure: BakewireError | undefined
  /** The status code of the server's error message (OPC 10000-6, 7.1.2.5). */
  refusal: number | undefined

  readonly #socket: Socket
  #waiting: Buffer[] = []
  #waitingBytes = 0
  /** Length of the chunk that is being received, once its header is there. */
  #wanted = headerBytes
  #messageBytes = 0
  #messageChunks = 0
  #decoded = 0
  /** Ours, whatever listeners the library takes off. */
  readonly #onEnded = new Set<() => void>()

  constructor(socket: Socket) {
    super()
    this.#socket = socket
    socket
      .on('data', (data) => this.#take(data))
      // The library takes all listeners off before the socket has ended.
      .on('error', (error) => this.listenerCount('error') > 0 && this.emit('error', error))
      .on('end', () => this.emit('end'))
      .on('close', (hadError) => {
        this.emit('close', hadError)
        for (const tell of this.#onEnded) tell()
      })
  }

  /** Calls `tell` when the connection has ended; what is returned takes that back. */
  whenEnded(tell: () => void): () => void {
    this.#onEnded.add(tell)
    return () => void this.#onEnded.delete(tell)
  }

  /** To be called for each message that the library could decode and whose signature is right: of others it says nothing. */
  messageDecoded(): void {
    this.#decoded += 1
  }

  get destroyed(): boolean {
    return this.#socket.destroyed
  }

  write(data: string | Buffer, callback?: (error?: Error) => void): void {
    this.#socket.write(data, (error) => callback?.(error ?? undefined))
  }

  end(): void {
    this.#socket.end()
  }

  destroy(): void {
    this.#socket.destroy()
  }

  /** Silence is noticed by the time limits of requests. */
  setTimeout(): this {
    return this
  }

  /** Set by the egress gate. */
  setKeepAlive(): this {
    return this
  }

  setNoDelay(): this {
    return this
  }

  #take(data: Buffer): void {
    this.#waiting.push(data)
    this.#waitingBytes += data.length
    while (this.#waitingBytes >= this.#wanted && !this.#socket.destroyed) {
      const bytes = this.#waiting.length === 1 && this.#waiting[0] ? this.#waiting[0] : Buffer.concat(this.#waiting)
      this.#waiting = [bytes]
      if (this.#wanted === headerBytes && !this.#takeHeader(bytes)) return
      if (bytes.length >= this.#wanted) this.#takeChunk(bytes)
    }
  }

  /** Learns how long the chunk is; false where it cannot be one. */
  #takeHeader(bytes: Buffer): boolean {
    const type = bytes.toString('latin1', 0, 4)
    const length = bytes.readUInt32LE(4)
    if (!chunkTypes.test(type)) return this.#fail('the server sends what is no OPC UA message')
    if (length <= headerBytes || length > chunkBytesMax) {
      return this.#fail(`the server announces a chunk of ${length} bytes, where up to ${chunkBytesMax} were agreed`)
    }
    this.#messageBytes += length
    this.#messageChunks += 1
    if (this.#messageBytes > messageBytesMax) {
      return this.#fail(`the server sends a message of more than the ${messageBytesMax} bytes that were agreed`)
    }
    if (this.#messageChunks > chunksMax) {
      return this.#fail(`the server sends a message in more than the ${chunksMax} chunks that were agreed`)
    }
    if (type[3] !== 'C') {
      this.#messageBytes = 0
      this.#messageChunks = 0
    }
    this.#wanted = length
    return true
  }

  #takeChunk(bytes: Buffer): void {
    const chunk = bytes.subarray(0, this.#wanted)
    const rest = bytes.subarray(this.#wanted)
    this.#waiting = rest.length > 0 ? [rest] : []
    this.#waitingBytes = rest.length
    this.#wanted = headerBytes
    if (chunk.toString('latin1', 0, 3) === 'ERR') {
      if (chunk.length >= headerBytes + 4) this.refusal = chunk.readUInt32LE(headerBytes)
      this.#fail('the server ended the connection with an error message')
      return
    }
    const before = this.#decoded
    try {
      quietly(() => this.emit('data', chunk))
      const isWhole = /^(MSG|OPN)F/.test(chunk.toString('latin1', 0, 4))
      if (isWhole && this.#decoded === before)
        this.#fail('the server sends a message that is not signed or formed as agreed')
    } catch {
      // What the library says of it may hold bytes of the server.
      this.#fail('the server sends a message that cannot be decoded')
    }
  }

  #fail(message: string): false {
    this.failure = new BakewireError('PROTOCOL_VIOLATED', message)
    this.#waiting = []
    this.#waitingBytes = 0
    this.#socket.destroy()
    return false
  }
}
