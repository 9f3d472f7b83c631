import type { ServerResponse } from 'node:http'
import { limits } from '#core'
import { encodePosition, type Position } from './position.ts'

/** One event as it goes over the wire, and what it tells. */
export interface Frame {
  readonly key: string
  readonly text: string
}

/** What is sent to all at once: the frames, and their bytes, which all readers share. */
export interface Frames {
  readonly frames: readonly Frame[]
  readonly bytes: Buffer
}

/** One reader of server-sent events (HTML Living Standard, 9.2). */
export interface LiveStream {
  /** Sends, or keeps until the stream has caught up. A reader that is too slow is let go. */
  send(frames: Frames): void
  /** Sends what was missed, then what was kept meanwhile; nothing twice. */
  caughtUp(missed: readonly Frame[]): void
  /** A sign of life, for those between us and the reader. */
  beat(): void
  end(): void
}

/** The reader comes back after this long, ms. */
const retryMs = 3_000
/** What is announced this long after it was read anew may be the same. */
const announcedLateMs = 5_000
const beat = Buffer.from(':\n\n')

export interface LiveStreamOptions {
  readonly response: ServerResponse
  readonly headers: Readonly<Record<string, string>>
  readonly position: Position
  readonly onEnd: (reason: 'closed' | 'slow') => void
}

export function openLiveStream({ response, headers, position, onEnd }: LiveStreamOptions): LiveStream {
  let kept: Frame[] | undefined = []
  let ended = false
  /** Told while catching up; announced a moment later, it is not told again. */
  const told = new Set<string>()

  const end = (reason: 'closed' | 'slow') => {
    if (ended) return
    ended = true
    kept = undefined
    told.clear()
    onEnd(reason)
  }
  const letGo = () => {
    end('slow')
    response.destroy()
  }
  const write = (bytes: Buffer | string) => {
    if (ended || (typeof bytes === 'string' && bytes === '')) return
    if (response.writableLength <= limits.streamBufferBytesMax) response.write(bytes)
    else letGo()
  }
  const untold = (frames: readonly Frame[]) =>
    frames
      .filter(({ key }) => !told.has(key))
      .map(({ text }) => text)
      .join('')

  response.once('close', () => end('closed'))
  response.once('error', () => end('closed'))
  response.writeHead(200, headers)
  // An id without data is no event, but where a reader resumes that has heard of none.
  write(`retry: ${retryMs}\nid: ${encodePosition(position)}\n\n`)

  return {
    send({ frames, bytes }) {
      if (ended) return
      if (!kept) return write(told.size === 0 ? bytes : untold(frames))
      kept.push(...frames)
      if (kept.length > limits.streamEventsKept) letGo()
    },
    caughtUp(missed) {
      if (ended || !kept) return
      const keptFrames = kept
      kept = undefined
      write(missed.map(({ text }) => text).join(''))
      for (const { key } of missed) told.add(key)
      write(untold(keptFrames))
      setTimeout(() => told.clear(), announcedLateMs).unref()
    },
    beat: () => write(beat),
    end() {
      end('closed')
      response.end()
    },
  }
}
