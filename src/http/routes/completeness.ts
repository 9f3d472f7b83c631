import { z } from 'zod'
import { expectedReadings, isTimezone, limits } from '#core'
import { idParams, idText } from '../answer-fields.ts'
import type { RouteTools } from '../dependencies.ts'
import { faultAt } from '../fault-at.ts'
import { knownOr404 } from '../known-or-404.ts'
import { requestField } from '../request-fields.ts'
import type { ZodApp } from '../zod-app.ts'

const day = 86_400_000
const daysDefault = 7

const completenessSchema = z
  .object({
    equipment_id: idText(),
    timezone: z.string(),
    days: z.array(
      z.object({
        day: z.iso.date(),
        expected: z
          .int()
          .meta({ description: 'Readings that the intervals or crons in force make; of today, until now.' }),
        stored: z.int().meta({
          description:
            'Readings that were stored, filled in from the machine or not; those that were dropped by age count.',
        }),
        completeness: z
          .number()
          .min(0)
          .max(1)
          .nullable()
          .meta({ description: 'stored / expected, at most 1; null where nothing is expected.' }),
      }),
    ),
  })
  .meta({ id: 'Completeness', title: 'Completeness of readings' })

export function completenessRoutes(app: ZodApp, { equipment, gaps, clock }: RouteTools): void {
  app.get('/equipment/:id/completeness', {
    config: { access: 'read' },
    schema: {
      tags: ['Readings'],
      summary: 'Show how complete the readings of each day are',
      description:
        'Nothing is expected before a machine is configured and after its configuration is deleted; of one that is paused, readings are expected and missing. The list of gaps says why.',
      params: idParams,
      querystring: z.strictObject({
        start: requestField
          .time()
          .optional()
          .meta({ description: `From its day on; default ${daysDefault} days.` }),
        end: requestField
          .time()
          .optional()
          .meta({ description: `Up to and with its day, at most ${limits.completenessDaysMax}; default now.` }),
        timezone: z
          .string()
          .max(64)
          .refine(isTimezone, 'must be the name of a time zone, such as Europe/Berlin')
          .default('UTC')
          .meta({ description: 'Whose days: a name of the IANA database.', examples: ['Europe/Berlin'] }),
      }),
      response: { 200: completenessSchema },
    },
    handler: async ({ params: { id }, query: { timezone, ...query } }) => {
      const now = clock.now()
      const end = query.end ?? new Date(now)
      const start = query.start ?? new Date(end.getTime() - (daysDefault - 1) * day)
      if (start > end) throw faultAt('CONFIG_INVALID', 'start', 'must not lie after end')
      if (end.getTime() - start.getTime() > (limits.completenessDaysMax - 1) * day)
        throw faultAt(
          'CONFIG_INVALID',
          'start',
          `must not lie more than ${limits.completenessDaysMax - 1} days before end`,
        )
      knownOr404(await equipment.get(id))
      const span = { first: dateIn(timezone, start), last: dateIn(timezone, end), timezone }
      const [intervals, days] = await Promise.all([gaps.intervals(id), gaps.storedByDay(id, span)])
      return {
        equipment_id: id,
        timezone,
        days: days.map(({ day, from, to, stored }) => {
          const expected = expectedReadings(intervals, from.getTime(), Math.min(to.getTime(), now))
          return { day, expected, stored, completeness: expected === 0 ? null : Math.min(1, stored / expected) }
        }),
      }
    },
  })
}

function dateIn(timeZone: string, time: Date): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(time)
}
