import { describe, expect, it } from 'vitest'
import { atRest, evaluateRule } from './evaluate-rule.ts'
import { ruleFrom, threshold, transitionsOf, type Value } from './rule-fixture.ts'
import type { StateRule, ThresholdRule } from './rule-schema.ts'

const doorOpen = (forSeconds: number) =>
  ruleFrom({ kind: 'state', metric: 'door_status', equals: 'open', for_seconds: forSeconds })

describe('evaluateRule', () => {
  const above8 = threshold({ above: 8 })
  const below2 = threshold({ below: 2 })
  const above8by1 = threshold({ above: 8, hysteresis: 1 })
  const above8for10 = threshold({ above: 8, for_seconds: 10 })
  const above8by1for10 = threshold({ above: 8, hysteresis: 1, for_seconds: 10 })
  const band = threshold({ above: 8, below: 2, hysteresis: 1 })
  const wideHysteresis = threshold({ above: 8, below: 2, hysteresis: 5 })

  it.each<[string, ThresholdRule | StateRule, [number, Value][], string[]]>([
    ['at the limit is within', above8, [[0, 8]], []],
    ['above the limit fires at once', above8, [[0, 8.1]], ['0:raised']],
    ['below the limit fires at once', below2, [[0, 1.9]], ['0:raised']],
    [
      'fires once while it lasts',
      above8,
      [
        [0, 9],
        [1, 10],
        [2, 9],
      ],
      ['0:raised'],
    ],
    [
      'ends at the limit without hysteresis',
      above8,
      [
        [0, 9],
        [1, 8],
      ],
      ['0:raised', '1:resolved'],
    ],
    [
      'does not end inside the hysteresis',
      above8by1,
      [
        [0, 9],
        [1, 7.5],
        [2, 7.01],
      ],
      ['0:raised'],
    ],
    [
      'ends where the hysteresis ends',
      above8by1,
      [
        [0, 9],
        [1, 7],
      ],
      ['0:raised', '1:resolved'],
    ],
    [
      'does not fire inside the hysteresis',
      above8by1,
      [
        [0, 7.5],
        [1, 8],
      ],
      [],
    ],
    [
      'fires again after it has ended',
      above8,
      [
        [0, 9],
        [1, 7],
        [2, 9],
      ],
      ['0:raised', '1:resolved', '2:raised'],
    ],
    [
      'waits out its delay',
      above8for10,
      [
        [0, 9],
        [9, 9],
        [10, 9],
        [11, 9],
      ],
      ['10:raised'],
    ],
    [
      'counts from the first value beyond',
      above8for10,
      [
        [0, 7],
        [5, 9],
        [10, 9],
        [15, 9],
      ],
      ['15:raised'],
    ],
    [
      'drops the delay when the value comes back',
      above8for10,
      [
        [0, 9],
        [5, 8],
        [6, 9],
        [10, 9],
        [15, 9],
        [16, 9],
      ],
      ['16:raised'],
    ],
    [
      'goes on with the delay inside the hysteresis',
      above8by1for10,
      [
        [0, 9],
        [5, 7.5],
        [11, 9],
      ],
      ['11:raised'],
    ],
    [
      'never fires on a value inside the hysteresis',
      above8by1for10,
      [
        [0, 9],
        [5, 7.5],
        [30, 7.5],
      ],
      [],
    ],
    [
      'fires after a gap in which nothing was read',
      above8for10,
      [
        [0, 9],
        [3600, 9],
      ],
      ['3600:raised'],
    ],
    [
      'outside a band: too high, then fine',
      band,
      [
        [0, 9],
        [1, 7],
      ],
      ['0:raised', '1:resolved'],
    ],
    [
      'outside a band: too low, then fine',
      band,
      [
        [0, 1],
        [1, 2.9],
        [2, 3],
      ],
      ['0:raised', '2:resolved'],
    ],
    [
      'from one side of a band to the other it is one alert',
      band,
      [
        [0, 9],
        [1, 1],
        [2, 2.5],
        [3, 3],
      ],
      ['0:raised', '3:resolved'],
    ],
    [
      'the hysteresis of a band counts from the side that was crossed',
      wideHysteresis,
      [
        [0, 9],
        [1, 4],
        [2, 3],
        [3, 1],
        [4, 6],
        [5, 7],
      ],
      ['0:raised', '2:resolved', '3:raised', '5:resolved'],
    ],
    [
      'a value that is no number says nothing',
      above8,
      [
        [0, 9],
        [1, 'n/a'],
        [2, true],
        [3, Number.NaN],
      ],
      ['0:raised'],
    ],
    ['infinity says nothing', above8, [[0, Number.POSITIVE_INFINITY]], []],
    [
      'readings out of order are ignored',
      above8for10,
      [
        [20, 9],
        [5, 7],
        [30, 9],
      ],
      ['30:raised'],
    ],
    [
      'a word that lasts',
      doorOpen(10),
      [
        [0, 'open'],
        [10, 'open'],
      ],
      ['10:raised'],
    ],
    [
      'a word that ends in time',
      doorOpen(10),
      [
        [0, 'open'],
        [9, 'closed'],
        [12, 'open'],
      ],
      [],
    ],
    [
      'another word ends it',
      doorOpen(0),
      [
        [0, 'open'],
        [1, 'unknown'],
      ],
      ['0:raised', '1:resolved'],
    ],
  ])('%s', (_name, rule, series, expected) => {
    expect(transitionsOf(rule, series)).toEqual(expected)
  })

  it('takes a contact by its word', () => {
    const rule = ruleFrom({ kind: 'state', metric: 'additional.lid_open', equals: 'true' })
    expect(
      transitionsOf(rule, [
        [0, true],
        [1, false],
      ]),
    ).toEqual(['0:raised', '1:resolved'])
  })

  it('gives back the same object when nothing changed', () => {
    const waiting = evaluateRule(above8for10, atRest, { at: 0, value: 9 })
    expect(evaluateRule(above8for10, atRest, { at: 0, value: 7 })).toBe(atRest)
    expect(evaluateRule(above8for10, waiting, { at: 5000, value: 10 })).toBe(waiting)
    const firing = evaluateRule(above8for10, waiting, { at: 10_000, value: 9 })
    expect(firing).toEqual({ phase: 'firing', since: 0, side: 'above' })
    expect(evaluateRule(above8for10, firing, { at: 11_000, value: 9 })).toBe(firing)
  })
})
