import { z } from 'zod'
import { BakewireError } from '#core'

export interface Page<T> {
  readonly items: T[]
  readonly next_cursor: string | null
}

/** The list that a cursor is of: those of another list are refused. */
type List =
  | 'equipment'
  | 'realtime-data'
  | 'alerts'
  | 'alert-rules'
  | 'api-keys'
  | 'notification-channels'
  | 'readings'
  | 'buckets'
  | 'batches'
  | 'connection-logs'
  | 'gaps'
  | 'audit-log'
  | 'certificates'

/** Where a page ended: the time and id of its last row. Opaque to callers. */
export interface Cursor {
  readonly list: List
  readonly time: Date
  readonly id: string
}

/** The end of year 9999: PostgreSQL reads no further. */
const lastInstantMs = 253_402_300_799_999
const cursorParts = z.tuple([z.string(), z.int().min(0).max(lastInstantMs), z.uuid()])

export function encodeCursor({ list, time, id }: Cursor): string {
  return Buffer.from(JSON.stringify([list, time.getTime(), id])).toString('base64url')
}

/** Throws REQUEST_MALFORMED for anything that `encodeCursor` did not make for this list. */
export function decodeCursor(list: List, text: string): Cursor {
  return decoded(text, (parts) => {
    const [of, time, id] = cursorParts.parse(parts)
    if (of !== list) throw new Error(`it is one of ${of}`)
    return { list, time: new Date(time), id }
  })
}

function decoded<T>(text: string, read: (parts: unknown) => T): T {
  try {
    return read(JSON.parse(Buffer.from(text, 'base64url').toString()))
  } catch (cause) {
    const message = 'is not a cursor of an earlier answer of this list'
    throw new BakewireError('REQUEST_MALFORMED', `cursor ${message}`, { cause, errors: [{ path: 'cursor', message }] })
  }
}

/** One page of rows that were asked for with one more than `limit`. */
export function pageOf<T>(rows: T[], limit: number, cursorOf: (row: T) => Cursor): Page<T> {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return { items, next_cursor: rows.length > limit && last ? encodeCursor(cursorOf(last)) : null }
}

const numberParts = z.tuple([z.string(), z.int().min(1)])

/** One page of rows, newest first, that are numbered as they come; asked for with one more than `limit`. */
export function numberedPageOf<T extends { readonly id: number }>(list: List, rows: T[], limit: number): Page<T> {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  const next = rows.length > limit && last ? Buffer.from(JSON.stringify([list, last.id])).toString('base64url') : null
  return { items, next_cursor: next }
}

/** The number of the last row before a page of `numberedPageOf`. Throws REQUEST_MALFORMED for a cursor of anything else. */
export function decodeNumber(list: List, text: string): number {
  return decoded(text, (parts) => {
    const [of, id] = numberParts.parse(parts)
    if (of !== list) throw new Error(`it is one of ${of}`)
    return id
  })
}
