import {
  type BrowseRequest,
  type Connector,
  type HistoryRequest,
  kit,
  type Target,
  type WriteRequest,
} from '#connector'
import { BakewireError, type Sample } from '#core'

const { defineConnector, field, z } = kit

type Value = number | string | boolean

/** A machine in memory that can be looked through and steered and keeps what was, whose every step is noted. */
export interface Kiln {
  readonly connector: Connector
  readonly has: Map<string, Value>
  /** What was written, in order. */
  readonly written: [string, Value][]
  readonly browsed: Pick<BrowseRequest<unknown>, 'at' | 'cursor' | 'limit' | 'seconds'>[]
  /** What it has kept by itself: a value of `set` by time. */
  readonly kept: Map<number, Value>
  readonly askedFor: Pick<HistoryRequest<unknown>, 'from' | 'to' | 'limit'>[]
  /** Credentials of every link that was opened. */
  readonly opened: Readonly<Record<string, unknown>>[]
  /** Reads since the last link was opened. */
  reads: number
  /** Awaited before a write is done, and before a page is given. */
  before: (signal: AbortSignal) => Promise<void>
}

export function createKiln(): Kiln {
  const kiln: Omit<Kiln, 'connector'> = {
    has: new Map<string, Value>([
      ['set', 356],
      ['mode', 1],
      ['fan', false],
      ['stuck', 20],
    ]),
    written: [],
    browsed: [],
    kept: new Map(),
    askedFor: [],
    opened: [],
    reads: 0,
    before: async () => undefined,
  }
  const connector = defineConnector({
    id: 'kiln',
    title: 'Kiln',
    source: 'a made-up protocol',
    endpoint: field.host(),
    port: field.port(7),
    credentials: z.strictObject({ pin: field.secret({ title: 'PIN' }).optional() }),
    settings: z.strictObject({ mode: z.string().max(10).optional().meta({ title: 'Mode' }) }),
    address: z.strictObject({ key: z.string().max(20).meta({ title: 'Key' }) }),
    timeoutSecondsDefault: 1,
    readsAtOnce: 2,
    linkKey: ({ endpoint, port }) => `kiln:${endpoint}:${port}`,
    linkSettings: ({ settings }) => ({ mode: settings.mode }),
    async open({ endpoint, credentials }) {
      if (endpoint === 'off.example') throw new BakewireError('UNREACHABLE', 'it is switched off')
      kiln.opened.push(credentials)
      kiln.reads = 0
      return {}
    },
    close: () => undefined,
    async read(_link, { points }) {
      kiln.reads += 1
      return points.map(({ metric, address }) => valued(metric, kiln.has.get(address.key)))
    },
    async write(_link, { writes, signal }: WriteRequest<Target<unknown, unknown, { key: string }>>) {
      await kiln.before(signal)
      return writes.map(({ point: { metric, address }, value }): Sample => {
        if (address.key === 'locked') return { metric, fault: { code: 'POINT_REFUSED', message: `${metric}: locked` } }
        kiln.written.push([address.key, value])
        if (address.key !== 'stuck') kiln.has.set(address.key, value)
        return valued(metric, kiln.has.get(address.key))
      })
    },
    async browse(_link, { at, cursor, limit, seconds, signal }) {
      kiln.browsed.push({ at, cursor, limit, seconds })
      await kiln.before(signal)
      const keys = [...kiln.has.keys()].slice(Number(cursor ?? 0))
      const found = keys.slice(0, limit).map((key) => ({
        name: key,
        kind: typeof kiln.has.get(key),
        value: String(kiln.has.get(key)),
        point: { metric: `additional.${key}`, key },
      }))
      const next = Number(cursor ?? 0) + found.length
      return { found, ...(next < kiln.has.size ? { cursor: String(next) } : {}) }
    },
    async history(_link, { points, from, to, limit }) {
      kiln.askedFor.push({ from, to, limit })
      const within = [...kiln.kept].filter(([time]) => time >= from && time < to).slice(0, limit)
      const wanted = points.filter(({ address }) => address.key === 'set')
      return within.map(([time, value]) => ({ time, samples: wanted.map(({ metric }) => valued(metric, value)) }))
    },
  })
  return Object.assign(kiln, { connector })
}

function valued(metric: string, value: Value | undefined): Sample {
  if (value !== undefined) return { metric, value, quality: 'good' }
  return { metric, fault: { code: 'POINT_REFUSED', message: `${metric}: there is no such key` } }
}
