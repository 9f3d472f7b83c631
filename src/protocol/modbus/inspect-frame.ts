import { exceptionFlag, misfit, type OpenRequest } from './open-request.ts'

/** MBAP header: transaction id, protocol id, length of what follows. Source: Modbus Messaging on TCP/IP V1.0b, 3.1.3. */
export const mbapBytes = 6
const lengthMin = 2
const lengthMax = 254
const exceptionLength = 3
/** Unit and function. */
const headBytes = 2

/** An answer to one of so many requests before the one under way is late; any other transaction id was never asked for. */
const lateRequestsMax = 1_000

/** What has been sent on a connection. */
export interface SentRequests {
  /** Requests sent since the connection was made; the last one's transaction id is this, in 16 bits. */
  readonly count: number
  /** The last request, while its answer is awaited. */
  readonly open: OpenRequest | undefined
}

/** `late`: an answer that nobody waits for any more. `bytes`: of the whole frame. */
export type Inspection =
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'answer' | 'late'; readonly bytes: number }
  | { readonly kind: 'violation'; readonly violation: string }

const incomplete: Inspection = { kind: 'incomplete' }

/**
 * Judges what stands at `start` of the bytes received, as early as the bytes allow: a wrong protocol id or an
 * impossible length is told before anything waits for the bytes that such a length promises.
 */
export function inspectFrame(bytes: Buffer, start: number, sent: SentRequests): Inspection {
  const available = bytes.length - start
  if (available < 2) return incomplete
  // Before the transaction: of a peer that speaks something else altogether, this is the fault that helps.
  if (available >= 4 && bytes.readUInt16BE(start + 2) !== 0) return violation('it is not Modbus TCP')
  const whose = ownerOf(bytes.readUInt16BE(start), sent)
  if (whose === 'nobody') return violation('it carries a transaction that was never asked for')
  if (available < mbapBytes) return incomplete
  const length = bytes.readUInt16BE(start + 4)
  if (length < lengthMin || length > lengthMax) return violation('its length is impossible')
  const open = whose === 'open' ? sent.open : undefined
  const fault = open && bodyFault(bytes, start + mbapBytes, length, open)
  if (fault) return violation(fault)
  if (available < mbapBytes + length) return incomplete
  return { kind: open ? 'answer' : 'late', bytes: mbapBytes + length }
}

function ownerOf(transactionId: number, sent: SentRequests): 'open' | 'earlier' | 'nobody' {
  const age = (sent.count - transactionId) & 0xffff
  if (age === 0 && sent.count > 0) return sent.open ? 'open' : 'earlier'
  return age < sent.count && age <= lateRequestsMax ? 'earlier' : 'nobody'
}

function bodyFault(bytes: Buffer, start: number, length: number, open: OpenRequest): string | undefined {
  const available = bytes.length - start
  const rightLength = headBytes + open.bodyBytes
  if (length !== exceptionLength && length !== rightLength) return 'its length does not fit the request'
  if (available > 0 && bytes[start] !== open.unitId) return 'it comes from another unit'
  if (available > 1) {
    const isException = bytes[start + 1] === (open.functionCode | exceptionFlag)
    if (!isException && bytes[start + 1] !== open.functionCode) return 'it answers another function'
    if (length !== (isException ? exceptionLength : rightLength)) return 'its length does not fit the request'
    if (!isException && !agrees(bytes, start + headBytes, open.told)) return misfit(open)
  }
  return undefined
}

/** As far as the bytes have come. */
function agrees(bytes: Buffer, start: number, told: Buffer): boolean {
  const end = Math.min(told.length, bytes.length - start)
  for (let index = 0; index < end; index++) if (bytes[start + index] !== told[index]) return false
  return true
}

function violation(text: string): Inspection {
  return { kind: 'violation', violation: text }
}
