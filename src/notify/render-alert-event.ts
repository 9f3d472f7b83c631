import type { AlertLink } from '#link'
import type { ClaimedNotification } from '#store'

const statusAfter = { raised: 'active', acknowledged: 'acknowledged', resolved: 'resolved' } as const

/**
 * What a program is told of a transition: `{type, timestamp, data}` with the fields of an alert as the API shows them. All
 * of it is as it was at the transition, however late the message leaves; title and message are in the channel's language.
 */
export function renderAlertEvent(
  { transition, asOf, alert, channel }: Pick<ClaimedNotification, 'transition' | 'asOf' | 'alert' | 'channel'>,
  { link, backlink_url }: AlertLink,
): string {
  const { kind, at, texts, severity, value, threshold } = transition
  const { title, message } = texts[channel.language]
  return JSON.stringify({
    type: `alert.${kind}`,
    timestamp: at.toISOString(),
    data: {
      id: alert.id,
      equipment_id: alert.equipment_id,
      equipment_name: alert.equipment_name,
      rule_id: alert.rule_id,
      type: alert.type,
      severity,
      status: statusAfter[kind],
      title,
      message,
      metric: alert.metric,
      value,
      threshold,
      raised_at: alert.raised_at.toISOString(),
      acknowledged_at: asOf.acknowledged?.at.toISOString() ?? null,
      acknowledged_by: asOf.acknowledged?.by ?? null,
      resolved_at: kind === 'resolved' ? at.toISOString() : null,
      backlink_url,
      link,
      occurrences: asOf.occurrences,
      automated_response: alert.automated_response,
    },
  })
}
