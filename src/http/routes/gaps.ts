import { z } from 'zod'
import { createPollTimes, gapReasons, missedReadings } from '#core'
import type { GapRow } from '#store'
import { idParams, timeOf, timeOrNull, timeText, wordOf } from '../answer-fields.ts'
import type { RouteTools } from '../dependencies.ts'
import { faultAt } from '../fault-at.ts'
import { knownOr404 } from '../known-or-404.ts'
import { pageQuery, pageSchema } from '../query-fields.ts'
import { requestField } from '../request-fields.ts'
import type { ZodApp } from '../zod-app.ts'

const gapSchema = z
  .object({
    started_at: timeText().meta({ description: 'The last reading before, or when readings were first expected.' }),
    ended_at: timeText()
      .nullable()
      .meta({ description: 'The first reading after, or when none were expected any more; null while it lasts.' }),
    reason: z.enum(gapReasons).meta({
      description:
        'What began it. machine_off: it does not answer, switched off or cut off; vendor_cloud: the same of a https address with a public name; database: a poll needed it, while readings that were taken wait and are no gap; late: polls came later than they should; restart: nobody polled; dropped: readings were taken and could not be kept.',
    }),
    detail: z.string().nullable().meta({ description: 'The error code that began it, or who paused the machine.' }),
    interval_seconds: z
      .int()
      .meta({ description: 'At which it was to be polled; of a `poll_cron`, its shortest wait.' }),
    expected_readings: z.int().meta({ description: 'That should be there; while it lasts, until now.' }),
    stored_readings: z.int().meta({
      description:
        'That are there all the same: those that came late, and those between stretches that follow closely and are told as one gap.',
    }),
    backfilled_readings: z.int().meta({ description: 'Those of them that the machine itself had kept.' }),
    backfilled: z.boolean(),
  })
  .meta({ id: 'Gap', title: 'Gap', description: 'A time for which readings of a machine are missing.' })

export function gapRoutes(app: ZodApp, { equipment, gaps, clock }: RouteTools): void {
  app.get('/equipment/:id/gaps', {
    config: { access: 'read' },
    schema: {
      tags: ['Readings'],
      summary: 'List for when readings are missing, and why',
      description:
        'Those that began last first. More than one and a half intervals without a reading, and more than ten seconds, are a gap; of a `poll_cron`, a time of it that is half its shortest wait past. Gaps of one reason less than five minutes apart are one. What happened meanwhile is in the connection log.',
      params: idParams,
      querystring: z.strictObject({
        start: requestField.time().optional().meta({ description: 'Gaps that reach beyond then; default: all.' }),
        end: requestField.time().optional().meta({ description: 'Gaps that began before then; default now.' }),
        ...pageQuery,
      }),
      response: { 200: pageSchema(gapSchema) },
    },
    handler: async ({ params: { id }, query: { limit, cursor, ...query } }) => {
      const now = clock.now()
      const { start = new Date(0), end = new Date(now) } = query
      if (start > end) throw faultAt('CONFIG_INVALID', 'start', 'must not lie after end')
      knownOr404(await equipment.get(id))
      const { items, next_cursor } = await gaps.list(id, { start, end, limit, cursor })
      return { items: items.map((row) => gapRecord(row, now)), next_cursor }
    },
  })
}

function gapRecord(row: GapRow, now: number): z.output<typeof gapSchema> {
  const { started_at, ended_at, interval_seconds, poll_cron } = row
  const span = {
    from: started_at.getTime(),
    to: ended_at?.getTime() ?? now,
    intervalMs: interval_seconds * 1_000,
    times: poll_cron ? createPollTimes(poll_cron) : undefined,
  }
  return {
    started_at: timeOf(started_at),
    ended_at: timeOrNull(ended_at),
    reason: wordOf(gapReasons, row.reason, 'internal'),
    detail: row.detail,
    interval_seconds,
    expected_readings: row.lost ?? missedReadings(span),
    stored_readings: row.stored,
    backfilled_readings: row.backfilled,
    backfilled: row.backfilled > 0,
  }
}
