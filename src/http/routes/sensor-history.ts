import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { isTimezone } from '#core'
import { decodeCursor, encodeCursor } from '#store'
import { idParams, idText, timeOf, timeText } from '../answer-fields.ts'
import type { RouteTools } from '../dependencies.ts'
import { faultAt } from '../fault-at.ts'
import {
  allBuckets,
  allReadings,
  type BucketSpan,
  bucketsPage,
  chooseMetrics,
  createSendExport,
  csvTable,
  evenGrid,
  fitsDays,
  gridFor,
  type HistorySpan,
  localGrid,
  parseWidth,
  readingsPage,
  type SendExport,
} from '../history/index.ts'
import { knownOr404 } from '../known-or-404.ts'
import { queryField } from '../query-fields.ts'
import { readingSchema } from '../reading-record.ts'
import { requestField } from '../request-fields.ts'
import type { ZodApp } from '../zod-app.ts'

const day = 86_400_000

/** Rows of one answer: a day at ten seconds fits, and no answer grows beyond a few MB. */
const rowsMax = 10_000
const rowsDefault = 1_000
const pointsMax = 2_000

const querySchema = z.strictObject({
  start: requestField.time().optional().meta({ description: 'From then on; default 24 hours before `end`.' }),
  end: requestField.time().optional().meta({ description: 'Before then; default now.' }),
  metrics: z
    .string()
    .min(1)
    .max(4_000)
    .optional()
    .meta({ description: 'Only these, separated by commas.', examples: ['temperature,temperature_zones.core'] }),
  interval: z
    .string()
    .max(20)
    .optional()
    .meta({ description: 'Width of a bucket: 1s to 31d, such as 30s, 5m, 6h or 1d.', examples: ['5m'] }),
  points: queryField
    .wholeNumber(z.int().min(2).max(pointsMax).optional())
    .meta({ description: 'In the place of `interval`: at most so many buckets of a round width.' }),
  timezone: z
    .string()
    .max(64)
    .refine(isTimezone, 'must be the name of a time zone, such as Europe/Berlin')
    .optional()
    .meta({
      description:
        'Whose days buckets are, or are parts of: a name of the IANA database; default UTC. Where clocks are changed a day has 23 or 25 hours, and its last bucket may be shorter.',
      examples: ['Europe/Berlin'],
    }),
  format: z
    .enum(['json', 'csv', 'ndjson'])
    .optional()
    .meta({ description: 'Default: what `Accept` asks for, else json. csv and ndjson give the whole span at once.' }),
  limit: queryField
    .wholeNumber(z.int().min(1).max(rowsMax).optional())
    .meta({ description: `Readings or buckets on one page of json; default ${rowsDefault}.` }),
  cursor: queryField.cursor().optional(),
})

type Query = z.output<typeof querySchema>

const statistics = z.object({ avg: z.number(), min: z.number(), max: z.number(), count: z.int() })
const lastValue = z.object({ last: z.union([z.string(), z.boolean()]) })
const growth = z.object({ delta: z.number(), last: z.number() })
const bucketSchema = z
  .looseObject({
    reading_time: timeText().meta({
      description:
        'Where the bucket begins, in UTC: of a day at midnight of `timezone`, of less at a multiple from there.',
    }),
    temperature: statistics.nullable().optional(),
    door_status: lastValue.nullable().optional(),
    energy_consumption_kwh: growth.nullable().optional(),
    temperature_zones: z.record(z.string(), statistics).nullable().optional(),
    additional: z
      .record(z.string(), z.union([statistics, lastValue]))
      .nullable()
      .optional(),
    quality: z
      .record(z.string(), z.int())
      .meta({ description: 'By metric, how many values were missing or doubtful: they are left out.' }),
  })
  .meta({
    id: 'ReadingBucket',
    title: 'Bucket of readings',
    description:
      'Every metric of a reading: numbers as avg, min, max and count, words as the last, counters as what they have grown by (where one was set back it goes on from there). Buckets without a reading are left out.',
  })

const historySchema = z
  .object({
    equipment_id: idText(),
    start: timeText(),
    end: timeText(),
    interval: z.int().nullable().meta({ description: 'Seconds of a bucket; null: every reading by itself.' }),
    timezone: z
      .string()
      .nullable()
      .meta({ description: 'From whose midnight buckets are counted; null without buckets.' }),
    source: z.enum(['raw', '1m', '1h', '1d']).meta({
      description:
        'What the answer is made of: readings, or where those are the coarsest that fit, roll-ups by the minute, hour or UTC day, with finer ones and readings at the edges. The values are the same.',
    }),
    readings: z.array(z.union([readingSchema.partial().required({ reading_time: true }), bucketSchema])),
    next_cursor: z.string().nullable().meta({
      description: 'Send as `cursor`, with the same `start`, `end`, `interval` and `timezone`, for what follows.',
    }),
  })
  .meta({ id: 'SensorHistory', title: 'Sensor history' })

type Span = HistorySpan | BucketSpan

export function sensorHistoryRoutes(app: ZodApp, { equipment, readings, rollups, clock, log }: RouteTools): void {
  const sendExport = createSendExport(log)
  const rawPage = async (span: HistorySpan, wanted: Parameters<typeof readingsPage>[2]) => ({
    ...(await readingsPage(readings, span, wanted)),
    source: 'raw',
  })
  app.get('/equipment/:id/sensor-history', {
    config: { access: 'read', errors: ['OVERLOADED'] },
    schema: {
      tags: ['Readings'],
      summary: 'List past readings',
      description:
        'Oldest first. A table (csv) has a column for each metric; what `metrics` does not name one by one below `temperature_zones` and `additional` is JSON in one column. A table or lines of JSON that end without a proper end of the answer are not complete.',
      params: idParams,
      querystring: querySchema,
      response: {
        200: {
          description: 'Readings, or buckets of them.',
          content: {
            'application/json': { schema: historySchema },
            'text/csv': { schema: z.string() },
            'application/x-ndjson': { schema: z.string() },
          },
        },
      },
    },
    // Thousands of rows that we built ourselves are not checked one by one once more.
    serializerCompiler: () => JSON.stringify,
    handler: async (request, reply) => {
      const { params, query } = request
      const span = spanOf(params.id, query, clock.now())
      const names = query.metrics === undefined ? undefined : [...new Set(query.metrics.split(','))]
      const choose = chooseMetrics(names)
      const format = query.format ?? formatOf(request.headers.accept)
      const machine = async () => knownOr404(await equipment.get(params.id))
      if (format !== 'json') {
        if (query.limit !== undefined)
          throw faultAt('CONFIG_INVALID', 'limit', 'has no meaning for csv and ndjson, which give the whole span')
        await machine()
        const pages =
          'grid' in span ? allBuckets({ readings, rollups }, span, choose) : allReadings(readings, span, choose)
        return send({ request, reply, sendExport }, { span, format, names, pages }) as never
      }
      const wanted = { limit: query.limit ?? rowsDefault, choose }
      // Both at once: of a machine that is not there nothing is found either.
      const [page] = await Promise.all([
        'grid' in span ? bucketsPage({ readings, rollups }, span, wanted) : rawPage(span, wanted),
        machine(),
      ])
      const list = 'grid' in span ? 'buckets' : 'readings'
      return {
        equipment_id: params.id,
        start: timeOf(span.start),
        end: timeOf(span.end),
        interval: 'grid' in span ? span.grid.widthMs / 1_000 : null,
        timezone: 'grid' in span ? (query.timezone ?? 'UTC') : null,
        source: page.source,
        readings: page.items,
        next_cursor: page.last ? encodeCursor({ list, time: page.last, id: params.id }) : null,
      } as never
    },
  })
}

function spanOf(equipmentId: string, { interval, points, timezone, cursor, ...query }: Query, now: number): Span {
  const end = query.end ?? new Date(now)
  const start = query.start ?? new Date(end.getTime() - day)
  if (start > end) throw faultAt('CONFIG_INVALID', 'start', 'must not lie after end')
  if (interval !== undefined && points !== undefined) {
    throw faultAt('CONFIG_INVALID', 'points', 'contradicts interval: give one of them')
  }
  const span = { equipmentId, start, end }
  if (interval === undefined && points === undefined) {
    if (timezone !== undefined)
      throw faultAt('CONFIG_INVALID', 'timezone', 'has a meaning with interval or points only')
    return { ...span, after: cursor === undefined ? undefined : positionIn(equipmentId, 'readings', cursor) }
  }
  const gridOf = (widthMs: number) => (timezone === undefined ? evenGrid(widthMs) : localGrid(widthMs, timezone))
  const grid = interval === undefined ? gridFor(points ?? 0, span, gridOf) : gridOf(widthOf(interval, timezone))
  const after = cursor === undefined ? undefined : positionIn(equipmentId, 'buckets', cursor)
  if (after && grid.beginOf(after.getTime()) !== after.getTime())
    throw faultAt('REQUEST_MALFORMED', 'cursor', 'is of another interval')
  return { ...span, grid, after }
}

function widthOf(interval: string, timezone: string | undefined): number {
  const widthMs = parseWidth(interval)
  if (timezone === undefined || fitsDays(widthMs)) return widthMs
  throw faultAt('CONFIG_INVALID', 'interval', 'must divide a day, or be of whole days, where a timezone is given')
}

/** Where the last page ended. A cursor of another machine is no cursor here. */
function positionIn(equipmentId: string, list: 'readings' | 'buckets', cursor: string): Date {
  const { time, id } = decodeCursor(list, cursor)
  if (id !== equipmentId) throw faultAt('REQUEST_MALFORMED', 'cursor', 'is of another machine')
  return time
}

type ExportFormat = 'csv' | 'ndjson'
const mediaTypes = { csv: 'text/csv; charset=utf-8; header=present', ndjson: 'application/x-ndjson' } as const

/** What the client would rather have than JSON, if anything: the first that it names. */
function formatOf(accept = ''): ExportFormat | 'json' {
  const names = accept.split(',').map((one) => one.split(';')[0]?.trim().toLowerCase())
  const formats = { 'application/json': 'json', 'text/csv': 'csv', 'application/x-ndjson': 'ndjson' } as const
  const first = names.find((name): name is keyof typeof formats => name !== undefined && Object.hasOwn(formats, name))
  return first === undefined ? 'json' : formats[first]
}

interface Exported {
  readonly span: Span
  readonly format: ExportFormat
  readonly names: readonly string[] | undefined
  readonly pages: AsyncGenerator<object[]>
}

function send(
  { sendExport, ...exchange }: { sendExport: SendExport; request: FastifyRequest; reply: FastifyReply },
  { span, format, names, pages }: Exported,
): Promise<FastifyReply> {
  const times = [span.start, span.end].map((time) => timeOf(time).slice(0, 19).replaceAll(':', ''))
  const chunks = format === 'csv' ? csvChunks(pages, 'grid' in span ? 'buckets' : 'readings', names) : jsonLines(pages)
  const fileName = `${span.equipmentId}_${times.join('_')}.${format}`
  return sendExport(exchange, { mediaType: mediaTypes[format], fileName, chunks })
}

async function* csvChunks(
  pages: AsyncGenerator<object[]>,
  of: 'readings' | 'buckets',
  names: readonly string[] | undefined,
): AsyncGenerator<string> {
  const { head, line } = csvTable(of, names)
  let before = `${head}\r\n`
  for await (const page of pages) {
    yield `${before}${page.map(line).join('\r\n')}\r\n`
    before = ''
  }
  if (before !== '') yield before
}

async function* jsonLines(pages: AsyncGenerator<object[]>): AsyncGenerator<string> {
  for await (const page of pages) yield page.map((record) => `${JSON.stringify(record)}\n`).join('')
}
