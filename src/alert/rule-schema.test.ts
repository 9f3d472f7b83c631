import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { alertRulePatchSchema, alertRuleSchema, changedRule } from './rule-schema.ts'

const equipmentId = '6f1c1f2e-9d1f-4a53-9a6b-0a54f7f7a111'
const threshold = { name: 'Too warm', kind: 'threshold', metric: 'temperature', above: 8, severity: 'critical' }
const state = { name: 'Door', kind: 'state', metric: 'door_status', equals: 'open', severity: 'warning' }
const noData = { name: 'Silent', kind: 'no_data', severity: 'critical' }

describe('alertRuleSchema', () => {
  it('takes the rules of the documentation and fills in what they leave out', () => {
    const given = { ...threshold, equipment_id: equipmentId, hysteresis: 0.5, for_seconds: 600 }
    expect(alertRuleSchema.parse(given)).toEqual({ ...given, enabled: true })
    expect(alertRuleSchema.parse({ ...state, equipment_type: 'cold_room', for_seconds: 180 })).toMatchObject({
      equipment_type: 'cold_room',
    })
    expect(alertRuleSchema.parse(noData)).toEqual({ ...noData, for_seconds: 900, enabled: true })
    expect(alertRuleSchema.parse(threshold)).toMatchObject({ hysteresis: 0, for_seconds: 0 })
  })

  it.each<[string, object]>([
    ['a band', { ...threshold, below: 2, hysteresis: 5.9 }],
    ['a zone', { ...threshold, metric: 'temperature_zones.core' }],
    ['an additional number', { ...threshold, metric: 'additional.pressure' }],
    ['an additional word', { ...state, metric: 'additional.lamp', equals: 'red' }],
    ['negative limits', { ...threshold, above: -18 }],
    ['the longest delay', { ...threshold, for_seconds: 86_400 }],
  ])('takes %s', (_name, rule) => {
    expect(alertRuleSchema.safeParse(rule).error).toBeUndefined()
  })

  it.each<[string, object, string]>([
    ['an unknown kind', { ...threshold, kind: 'rate' }, 'kind'],
    ['no kind', { name: 'x', severity: 'info' }, 'kind'],
    ['an unknown field', { ...threshold, colour: 'red' }, ''],
    ['a field of another kind', { ...noData, metric: 'temperature' }, ''],
    ['an empty name', { ...threshold, name: '' }, 'name'],
    ['a blank name', { ...threshold, name: '   ' }, 'name'],
    ['a name of 201 characters', { ...threshold, name: 'x'.repeat(201) }, 'name'],
    ['a line break in the name', { ...threshold, name: 'a\r\nBcc: b' }, 'name'],
    ['an unknown metric', { ...threshold, metric: 'warmth' }, 'metric'],
    ['a metric with a forged path', { ...threshold, metric: 'additional.a.b' }, 'metric'],
    ['a threshold on a word', { ...threshold, metric: 'door_status' }, 'metric'],
    ['a threshold without limits', { ...threshold, above: undefined }, 'above'],
    ['an infinite limit', { ...threshold, above: Number.POSITIVE_INFINITY }, 'above'],
    ['a limit that is no number', { ...threshold, above: '8' }, 'above'],
    ['a band upside down', { ...threshold, below: 9 }, 'below'],
    ['an empty band', { ...threshold, below: 8 }, 'below'],
    ['a negative hysteresis', { ...threshold, hysteresis: -1 }, 'hysteresis'],
    ['a hysteresis as wide as the band', { ...threshold, below: 2, hysteresis: 6 }, 'hysteresis'],
    ['a negative delay', { ...threshold, for_seconds: -1 }, 'for_seconds'],
    ['half a second', { ...threshold, for_seconds: 0.5 }, 'for_seconds'],
    ['a delay of more than a day', { ...threshold, for_seconds: 86_401 }, 'for_seconds'],
    ['silence of no time', { ...noData, for_seconds: 0 }, 'for_seconds'],
    ['a word that the metric does not have', { ...state, equals: 'ajar' }, 'equals'],
    ['a state of a number', { ...state, metric: 'temperature' }, 'metric'],
    ['a state of a zone', { ...state, metric: 'temperature_zones.core' }, 'metric'],
    ['no severity', { ...noData, severity: undefined }, 'severity'],
    ['an unknown severity', { ...noData, severity: 'fatal' }, 'severity'],
    ['a machine that is no id', { ...noData, equipment_id: 'oven-1' }, 'equipment_id'],
    ['an unknown type of machine', { ...noData, equipment_type: 'toaster' }, 'equipment_type'],
    ['machine and type', { ...noData, equipment_id: equipmentId, equipment_type: 'cold_room' }, 'equipment_type'],
  ])('refuses %s', (_name, rule, path) => {
    const issues = alertRuleSchema.safeParse(rule).error?.issues ?? []
    expect(issues.map((issue) => issue.path.join('.'))).toEqual([path])
  })

  it.each([[null], [[]], ['rule'], [7], [undefined]])('refuses %j', (body) => {
    expect(alertRuleSchema.safeParse(body).success).toBe(false)
  })

  it('has a JSON schema', () => {
    expect(z.toJSONSchema(alertRuleSchema, { io: 'input' })).toMatchObject({ oneOf: [{}, {}, {}] })
  })
})

describe('changedRule', () => {
  const rule = alertRuleSchema.parse({ ...threshold, equipment_id: equipmentId, below: 2 })

  it.each<[string, object, object]>([
    ['a field', { above: 10 }, { ...rule, above: 10 }],
    ['nothing', {}, rule],
    ['one side of a band', { below: null }, { ...rule, below: undefined }],
    [
      'from a machine to a type',
      { equipment_id: null, equipment_type: 'freezer' },
      { ...rule, equipment_id: undefined, equipment_type: 'freezer' },
    ],
  ])('changes %s', (_name, patch, expected) => {
    const changed = alertRuleSchema.parse(changedRule(rule, alertRulePatchSchema.parse(patch)))
    expect(changed).toEqual(expected)
  })

  it('gives a result that is refused when the whole makes no sense', () => {
    const changed = changedRule(rule, alertRulePatchSchema.parse({ above: 1 }))
    expect(alertRuleSchema.safeParse(changed).error?.issues[0]?.path).toEqual(['below'])
  })
})
