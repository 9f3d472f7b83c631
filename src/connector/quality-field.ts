import { z } from 'zod'
import { type GivenLimits, hasLimits, limits, placeOf } from '#core'

const daysOfMinutes = 7 * 24 * 60

const sensorFields = {
  min: z.number().optional().meta({ title: 'Least', description: 'Below it no sensor can measure.' }),
  max: z.number().optional().meta({ title: 'Most', description: 'Above it no sensor can measure.' }),
  max_rate_per_minute: z
    .number()
    .min(0)
    .optional()
    .meta({ title: 'Fastest change', description: 'In a minute, either way. 0: any.' }),
  flatline_minutes: z
    .number()
    .min(0)
    .max(daysOfMinutes)
    .optional()
    .meta({ title: 'Longest standstill', unit: 'min', description: 'With exactly the same value. 0: any.' }),
  optional: z.boolean().optional().meta({ title: 'May be missing', description: 'The sensor comes and goes.' }),
}

const sensorField = z
  .strictObject(sensorFields)
  .refine(({ min = -Infinity, max = Infinity }) => min < max, 'has a min that is not below its max')

const clockField = z.strictObject({
  max_skew_seconds: z
    .number()
    .min(0)
    .max(limits.backfillReachMs / 1_000)
    .meta({ title: 'Greatest skew', unit: 's', description: "Of the machine's clock against ours. 0: any." }),
})

/** What somebody knows better of this machine's sensors than its type says: by metric that is a number, in our unit. */
export const qualityField = z
  .object({ source_time: clockField.optional() })
  .catchall(sensorField)
  .superRefine((given, context) => {
    const { source_time: _, ...sensors } = given
    const metrics = Object.keys(sensors)
    if (metrics.length > limits.pointsPerEquipment)
      context.addIssue({ code: 'custom', message: `has more than ${limits.pointsPerEquipment} entries`, input: given })
    for (const metric of metrics.filter((name) => !hasLimits(placeOf(name)))) {
      const message =
        'must be source_time, or a metric that is a number: a canonical field, temperature_zones.<name> or additional.<key>'
      context.addIssue({ code: 'custom', path: [metric.slice(0, 100)], message, input: given })
    }
  })
  .optional()
  .meta({
    title: 'Quality',
    description:
      'When values are flagged, by metric, where the type of the machine does not say it well: {"temperature": {"min": -30, "max": 10, ' +
      '"max_rate_per_minute": 5, "flatline_minutes": 120}}. Flags alter no value.',
    advanced: true,
  })

export function givenLimits({ source_time, ...sensors }: NonNullable<z.output<typeof qualityField>>): GivenLimits {
  const clock = source_time ? { maxSkewMs: source_time.max_skew_seconds * 1_000 } : {}
  return { sensors, ...clock }
}
