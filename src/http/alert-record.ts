import { z } from 'zod'
import { alertStatuses, severities } from '#core'
import type { AlertLinks } from '#link'
import type { AlertEvent, AlertRecord } from '#store'
import { idText, timeOf, timeOrNull, timeText, wordOf } from './answer-fields.ts'

const numberOrWord = z.union([z.number(), z.string()])

/** An alert as answers show it. */
export const alertSchema = z
  .object({
    id: idText(),
    equipment_id: idText(),
    equipment_name: z.string(),
    rule_id: idText().nullable(),
    type: z.string().meta({ examples: ['temperature_deviation'] }),
    severity: z.enum(severities),
    status: z.enum(alertStatuses),
    title: z.string(),
    message: z.string(),
    metric: z.string().nullable(),
    value: numberOrWord.nullable().meta({ description: 'The value that crossed the limit.' }),
    threshold: z
      .union([z.number(), z.string(), z.object({ above: z.number(), below: z.number() })])
      .nullable()
      .meta({ description: 'The limit, the word waited for, the seconds of silence, or both limits of a band.' }),
    raised_at: timeText(),
    acknowledged_at: timeText().nullable(),
    acknowledged_by: z.string().nullable(),
    resolved_at: timeText().nullable(),
    backlink_url: z.string().meta({ description: 'To pass on: wraps `link` with title and description.' }),
    link: z.string().meta({ description: 'The page of the alert.' }),
    occurrences: z.int(),
    automated_response: z.record(z.string(), z.unknown()).nullable(),
  })
  .meta({
    id: 'Alert',
    title: 'Alert',
    description: 'Something that a person should look at.',
    examples: [
      {
        id: '0b2a3c4d-5e6f-4a1b-8c2d-3e4f5a6b7c8d',
        equipment_id: '6f1c1f2e-9d1f-4a53-9a6b-0a54f7f7a111',
        equipment_name: 'Cold room 2',
        rule_id: '1c3b5d7f-2468-4ace-9bdf-13579bdf2468',
        type: 'temperature_deviation',
        severity: 'critical',
        status: 'active',
        title: 'Cold room 2: temperature 9.4 °C',
        message: 'Above 8 °C for 10 min',
        metric: 'temperature',
        value: 9.4,
        threshold: 8,
        raised_at: '2026-11-20T04:00:00.000Z',
        acknowledged_at: null,
        acknowledged_by: null,
        resolved_at: null,
        backlink_url: 'https://bakery.example/backlink.html?title=…&description=…&link=…',
        link: 'https://bakery.example/a/AQ…',
        occurrences: 1,
        automated_response: null,
      },
    ],
  })

/** One alert with all that happened to it. */
export const alertDetailsSchema = alertSchema
  .extend({
    history: z
      .array(
        z.object({
          kind: z.enum(['raised', 'acknowledged', 'resolved']),
          at: timeText(),
          by: z.string().nullable().meta({ description: 'Who or what did it; null when the condition did.' }),
          note: z.string().nullable(),
        }),
      )
      .meta({ description: 'Oldest first.' }),
  })
  .meta({ id: 'AlertDetails', title: 'Alert with its history', examples: [] })

export function alertDetails(
  alert: AlertRecord,
  history: readonly AlertEvent[],
  links: AlertLinks,
): z.output<typeof alertDetailsSchema> {
  return {
    ...alertRecord(alert, links),
    history: history.map(({ kind, at, by, note }) => ({ kind, at: timeOf(at), by, note })),
  }
}

export function alertRecord(alert: AlertRecord, links: AlertLinks): z.output<typeof alertSchema> {
  const { link, backlink_url } = links.linkOf(alert)
  return {
    id: alert.id,
    equipment_id: alert.equipment_id,
    equipment_name: alert.equipment_name,
    rule_id: alert.rule_id,
    type: alert.type,
    severity: wordOf(severities, alert.severity, 'critical'),
    status: alert.status,
    title: alert.title,
    message: alert.message,
    metric: alert.metric,
    value: alert.value,
    threshold: alert.threshold,
    raised_at: timeOf(alert.raised_at),
    acknowledged_at: timeOrNull(alert.acknowledged_at),
    acknowledged_by: alert.acknowledged_by,
    resolved_at: timeOrNull(alert.resolved_at),
    backlink_url,
    link,
    occurrences: alert.occurrences,
    automated_response: alert.automated_response,
  }
}
