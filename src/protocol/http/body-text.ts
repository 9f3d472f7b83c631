import { promisify, TextDecoder } from 'node:util'
import { gunzip, inflate } from 'node:zlib'
import { BakewireError } from '#core'
import type { Received } from './send-request.ts'

/** How a body is packed, where it is. `identity` is asked for, but some machines pack all the same. */
export function codingOf({ headers, body }: Received): string | undefined {
  const coding = headers.get('content-encoding')?.trim().toLowerCase() ?? ''
  return coding === '' || coding === 'identity' || body.length === 0 ? undefined : coding
}

/**
 * The text of a body that is not packed: in the charset that the answer names, where it is known, else in UTF-8. What is not
 * UTF-8 although it should be comes from a machine that writes `°C` as its Windows does. A wrong byte spoils a letter, not the answer.
 */
export function textOf(bytes: Buffer, contentType: string | undefined): string {
  const decoder = decoderOf(contentType)
  if (decoder) return decoder.decode(bytes)
  try {
    return utf8.decode(bytes)
  } catch {
    return western.decode(bytes)
  }
}

export function tooLarge(what: string, bytesMax: number, cause?: unknown): BakewireError {
  return new BakewireError('PROTOCOL_VIOLATED', `${what} answered with more than ${bytesMax} bytes`, { cause })
}

type Unpack = (packed: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>
const unpackers: ReadonlyMap<string, Unpack> = new Map<string, Unpack>([
  ['gzip', promisify(gunzip)],
  ['x-gzip', promisify(gunzip)],
  ['deflate', promisify(inflate)],
])

interface Packing {
  readonly coding: string
  readonly bytesMax: number
  /** For messages: `GET https://oven.example/status`. */
  readonly what: string
}

/** Throws PROTOCOL_VIOLATED when the body cannot be unpacked, or has more than `bytesMax` bytes then. */
export async function unpack(packed: Buffer, { coding, bytesMax, what }: Packing): Promise<Buffer> {
  const unpacker = unpackers.get(coding)
  if (!unpacker) throw new BakewireError('PROTOCOL_VIOLATED', `${what} answered in a content coding that is not known`)
  try {
    return await unpacker(packed, { maxOutputLength: bytesMax })
  } catch (cause) {
    if (cause instanceof RangeError) throw tooLarge(what, bytesMax, cause)
    throw new BakewireError('PROTOCOL_VIOLATED', `${what} answered with a body that cannot be unpacked`, { cause })
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true })
const western = new TextDecoder('windows-1252')

/** Undefined for UTF-8, and where no charset is named that is known. */
function decoderOf(contentType: string | undefined): TextDecoder | undefined {
  const charset = /;\s*charset="?([\w.:-]{1,40})/i.exec(contentType ?? '')?.[1]
  if (charset === undefined || /^utf-?8$/i.test(charset)) return undefined
  try {
    return new TextDecoder(charset)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}
