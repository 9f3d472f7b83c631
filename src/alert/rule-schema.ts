import { z } from 'zod'
import { equipmentTypes, placeOf, severities } from '#core'

const daySeconds = 86_400

const name = z
  .string()
  .min(1, { abort: true })
  .max(200)
  .regex(/^\P{Cc}*$/u, 'must not contain control characters')
  .refine((text) => text.trim() !== '', 'must not be blank')
  .meta({ title: 'Name', description: 'What people read first in a message.' })

const metric = z
  .string()
  .max(100)
  .refine((text) => placeOf(text) !== undefined, {
    message: 'must be a canonical field, temperature_zones.<name> or additional.<key>',
    abort: true,
  })
  .meta({ title: 'Metric', description: 'Canonical field, temperature_zones.<name> or additional.<key>.' })

const equals = z
  .string()
  .min(1)
  .max(100)
  .meta({ title: 'Equals', description: 'The word that must not last; "true" or "false" for a contact.' })

const limit = (title: string, description: string) => z.number().meta({ title, description })
const seconds = (min: number, standard: number) =>
  z
    .int()
    .min(min)
    .max(daySeconds)
    .default(standard)
    .meta({ title: 'For', unit: 's', description: 'How long it must last before the alert is raised.' })

const forEveryRule = {
  name,
  equipment_id: z
    .uuid()
    .optional()
    .meta({ title: 'Equipment', description: 'The one machine; with neither machine nor type the rule is for all.' }),
  equipment_type: z.enum(equipmentTypes).optional().meta({ title: 'Equipment type' }),
  severity: z.enum(severities).meta({ title: 'Severity' }),
  enabled: z.boolean().default(true).meta({ title: 'Enabled' }),
}

const thresholdRule = z
  .strictObject({
    ...forEveryRule,
    kind: z.literal('threshold'),
    metric,
    above: limit('Above', 'Fires when the value is higher; together with `below` a band.').optional(),
    below: limit('Below', 'Fires when the value is lower; together with `above` a band.').optional(),
    hysteresis: limit(
      'Hysteresis',
      'How far behind the limit the value must come back before it counts as over: while the delay runs, too.',
    )
      .min(0)
      .default(0),
    for_seconds: seconds(0, 0),
  })
  .superRefine(({ metric, above, below, hysteresis }, context) => {
    const refuse = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message })
    if (valuesOf(metric).numbers === false) refuse('metric', 'is a word and has no threshold: use a rule of kind state')
    if (above === undefined && below === undefined) refuse('above', 'above or below must be given')
    if (above === undefined || below === undefined) return
    if (below >= above) refuse('below', 'must be lower than above')
    else if (hysteresis >= above - below) refuse('hysteresis', 'must be smaller than the band is wide')
  })
  .meta({ title: 'Threshold', description: 'A number above or below a limit, or outside a band.' })

const stateRule = z
  .strictObject({ ...forEveryRule, kind: z.literal('state'), metric, equals, for_seconds: seconds(0, 0) })
  .superRefine(({ metric, equals }, context) => {
    const { words } = valuesOf(metric)
    if (words === false)
      context.addIssue({
        code: 'custom',
        path: ['metric'],
        message: 'is a number and has no words: use a rule of kind threshold',
      })
    else if (words !== true && !words.includes(equals))
      context.addIssue({ code: 'custom', path: ['equals'], message: `must be one of ${words.join(', ')}` })
  })
  .meta({ title: 'State', description: 'A word or contact that lasts longer than it should.' })

const noDataRule = z
  .strictObject({ ...forEveryRule, kind: z.literal('no_data'), for_seconds: seconds(1, 900) })
  .meta({ title: 'No data', description: 'No reading at all for longer than it should.' })

/** What an alert rule says: the body of the API and what the engine judges by. */
export const alertRuleSchema = z
  .discriminatedUnion('kind', [thresholdRule, stateRule, noDataRule])
  .superRefine(({ equipment_id, equipment_type }, context) => {
    if (equipment_id !== undefined && equipment_type !== undefined)
      context.addIssue({
        code: 'custom',
        path: ['equipment_type'],
        message: 'a rule is for one machine or for a type, not for both',
      })
  })
  .meta({ title: 'Alert rule' })

export type AlertRule = z.output<typeof alertRuleSchema>
export type ThresholdRule = Extract<AlertRule, { kind: 'threshold' }>
export type StateRule = Extract<AlertRule, { kind: 'state' }>

/** A change of a rule: fields as in the rule, `null` takes one away. The result is checked as a whole, see `changedRule`. */
export const alertRulePatchSchema = z
  .strictObject({
    name,
    equipment_id: z.uuid().nullable(),
    equipment_type: z.enum(equipmentTypes).nullable(),
    kind: z.enum(['threshold', 'state', 'no_data']),
    metric: metric.nullable(),
    above: z.number().nullable(),
    below: z.number().nullable(),
    hysteresis: z.number().min(0).nullable(),
    equals: equals.nullable(),
    for_seconds: z.int().min(0).max(daySeconds).nullable(),
    severity: z.enum(severities),
    enabled: z.boolean(),
  })
  .partial()
  .meta({ title: 'Alert rule change' })

/** The rule with the change laid over it, as input of `alertRuleSchema`. */
export function changedRule(rule: AlertRule, patch: z.output<typeof alertRulePatchSchema>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries({ ...rule, ...patch }).filter(([, value]) => value !== null && value !== undefined),
  )
}

/** What can be read under a metric: numbers or not, and which words (`true`: any). */
function valuesOf(metric: string): { numbers: boolean; words: readonly string[] | boolean } {
  const place = placeOf(metric)
  if (place?.in !== 'column') return { numbers: true, words: place?.in === 'additional' }
  if (place.metric.kind === 'word') return { numbers: false, words: place.metric.words }
  return { numbers: true, words: false }
}
