import type { Readable } from 'node:stream'
import { promisify, TextDecoder } from 'node:util'
import { gunzip, inflate } from 'node:zlib'
import { BakewireError } from '#core'

interface BodyOptions {
  readonly headers: ReadonlyMap<string, string>
  readonly bytesMax: number
  /** Whose body it is, for messages: `GET https://oven.example/status`. */
  readonly what: string
}

/**
 * The text of a body of at most `bytesMax` bytes, as they come and unpacked. Throws PROTOCOL_VIOLATED when there are more
 * or they cannot be unpacked.
 */
export async function readBody(stream: Readable, { headers, bytesMax, what }: BodyOptions): Promise<string> {
  const packed = await collect(stream, bytesMax, what)
  const unpacked = await unpack(packed, { headers, bytesMax, what })
  return decoderOf(headers.get('content-type')).decode(unpacked)
}

async function collect(stream: Readable, bytesMax: number, what: string): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk)
    length += bytes.length
    if (length > bytesMax) throw tooLarge(what, bytesMax)
    chunks.push(bytes)
  }
  return Buffer.concat(chunks, length)
}

const unpackers = { gzip: promisify(gunzip), 'x-gzip': promisify(gunzip), deflate: promisify(inflate) }
type Unpack = (packed: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>

/** `identity` is asked for, but some machines pack all the same. */
async function unpack(packed: Buffer, { headers, bytesMax, what }: BodyOptions): Promise<Buffer> {
  const coding = headers.get('content-encoding')?.trim().toLowerCase() ?? ''
  if (coding === '' || coding === 'identity' || packed.length === 0) return packed
  const unpacker: Unpack | undefined = new Map<string, Unpack>(Object.entries(unpackers)).get(coding)
  if (!unpacker) throw new BakewireError('PROTOCOL_VIOLATED', `${what} answered in a content coding that is not known`)
  try {
    return await unpacker(packed, { maxOutputLength: bytesMax })
  } catch (cause) {
    if (cause instanceof RangeError) throw tooLarge(what, bytesMax, cause)
    throw new BakewireError('PROTOCOL_VIOLATED', `${what} answered with a body that cannot be unpacked`, { cause })
  }
}

function tooLarge(what: string, bytesMax: number, cause?: unknown): BakewireError {
  return new BakewireError('PROTOCOL_VIOLATED', `${what} answered with more than ${bytesMax} bytes`, { cause })
}

/** The charset that the answer names, where it is known, else UTF-8. A wrong byte spoils a letter, not the answer. */
function decoderOf(contentType: string | undefined): TextDecoder {
  const charset = /;\s*charset="?([\w.:-]{1,40})/i.exec(contentType ?? '')?.[1]
  try {
    return new TextDecoder(charset ?? 'utf-8')
  } catch (error) {
    if (error instanceof RangeError) return new TextDecoder('utf-8')
    throw error
  }
}
