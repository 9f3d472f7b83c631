import { placeOf } from '#core'
import type { AlertRule } from './rule-schema.ts'

/** The alert's type: what kind of trouble a rule watches for. */
export function alertTypeOf(rule: AlertRule): string {
  if (rule.kind === 'no_data') return 'connection_lost'
  if (rule.kind === 'threshold') return deviationOf(rule.metric)
  if (rule.metric === 'door_status' && rule.equals === 'open') return 'door_open'
  if (rule.metric === 'operational_status' && rule.equals === 'error') return 'equipment_error'
  return slug(rule.name)
}

function deviationOf(metric: string): string {
  const place = placeOf(metric)
  return place === undefined || place.in === 'zone' ? 'temperature_deviation' : `${place.name}_deviation`
}

function slug(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .slice(0, 64)
    .replace(/^_+|_+$/g, '')
  return plain === '' ? 'state' : plain
}
