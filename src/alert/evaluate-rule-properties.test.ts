import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { atRest, evaluateRule, type RuleState, transitionBetween } from './evaluate-rule.ts'
import { threshold, transitionsOf, type Value } from './rule-fixture.ts'
import type { StateRule, ThresholdRule } from './rule-schema.ts'

describe('evaluateRule on any series', () => {
  const rules = fc
    .record({
      low: fc.integer({ min: 0, max: 40 }),
      width: fc.integer({ min: 1, max: 40 }),
      sides: fc.constantFrom('above', 'below', 'both'),
      hysteresisShare: fc.integer({ min: 0, max: 9 }),
      for_seconds: fc.integer({ min: 0, max: 30 }),
    })
    .map(({ low, width, sides, hysteresisShare, for_seconds }) =>
      threshold({
        ...(sides === 'below' ? {} : { above: low + width }),
        ...(sides === 'above' ? {} : { below: low }),
        hysteresis: (width * hysteresisShare) / 10,
        for_seconds,
      }),
    )
  const series = fc
    .array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.oneof(fc.integer({ min: -10, max: 90 }), fc.constant('n/a'))), {
      maxLength: 60,
    })
    .map((steps) => {
      let second = 0
      return steps.map(([pause, value]): [number, Value] => {
        second += pause
        return [second, value]
      })
    })

  it('never raises twice without an end between, and begins with a raise', () => {
    fc.assert(
      fc.property(rules, series, (rule, values) => {
        const kinds = transitionsOf(rule, values).map((text) => text.split(':')[1])
        expect(kinds).toEqual(kinds.map((_, index) => (index % 2 === 0 ? 'raised' : 'resolved')))
      }),
    )
  })

  it('never raises before the delay is over, and only on a value beyond a limit', () => {
    fc.assert(
      fc.property(rules, series, (rule, values) => {
        if (rule.kind !== 'threshold') throw new Error('thresholds only')
        const { above = Number.POSITIVE_INFINITY, below = Number.NEGATIVE_INFINITY } = rule
        const isBeyond = (value: Value) => typeof value === 'number' && (value > above || value < below)
        let state: RuleState = atRest
        let beyondSince: number | undefined
        for (const [second, value] of values) {
          const next = evaluateRule(rule, state, { at: second * 1000, value })
          if (isBeyond(value)) beyondSince ??= second
          if (transitionBetween(state, next) === 'raised') {
            expect(isBeyond(value)).toBe(true)
            expect(second - (beyondSince ?? Number.NaN)).toBeGreaterThanOrEqual(rule.for_seconds)
          }
          if (next.phase === 'rest') beyondSince = undefined
          state = next
        }
      }),
    )
  })

  it('is monotone: a hotter series is raised no later', () => {
    const firstRaise = (rule: ThresholdRule | StateRule, values: [number, Value][]) => {
      const found = transitionsOf(rule, values)[0]
      return found === undefined ? Number.POSITIVE_INFINITY : Number.parseInt(found, 10)
    }
    const aboveRules = fc
      .record({ above: fc.integer({ min: 0, max: 50 }), hysteresis: fc.nat(10), for_seconds: fc.nat(30) })
      .map(threshold)
    fc.assert(
      fc.property(aboveRules, series, fc.array(fc.nat(20), { maxLength: 60 }), (rule, values, warmer) => {
        const hotter = values.map(([second, value], index): [number, Value] => [
          second,
          typeof value === 'number' ? value + (warmer[index] ?? 0) : value,
        ])
        expect(firstRaise(rule, hotter)).toBeLessThanOrEqual(firstRaise(rule, values))
      }),
    )
  })
})
