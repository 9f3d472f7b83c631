import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createFold, type Folded } from './fold-samples.ts'
import { createJudgeQuality } from './judge-quality.ts'
import { type GivenLimits, qualityLimits } from './quality-limits.ts'
import type { Sample } from './reading.ts'
import type { EquipmentType } from './words.ts'

const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const start = Date.UTC(2026, 10, 26)

type Values = Readonly<Record<string, number | string | Sample>>

interface Read {
  /** Ms after the first. */
  readonly at: number
  readonly values: Values
  /** Ms by which the machine's clock differs from ours. */
  readonly source?: number
}

function sampleOf(metric: string, value: Values[string], sourceTime: number | undefined): Sample {
  if (typeof value === 'object') return value
  return { metric, value: value ?? 0, quality: 'good', ...(sourceTime === undefined ? {} : { sourceTime }) }
}

/** What a machine that describes itself comes to, reading by reading. */
function judged(type: EquipmentType, reads: readonly Read[], given?: GivenLimits, intervalMs = 10 * second): Folded[] {
  const limits = qualityLimits(type, given)
  const fold = createFold('e', [], limits)
  const judge = createJudgeQuality(limits, intervalMs)
  return reads.map(({ at, values, source }) => {
    const samples = Object.entries(values).map(([metric, value]) =>
      sampleOf(metric, value, source === undefined ? undefined : start + at + source),
    )
    return judge(fold(samples, start + at))
  })
}

const wordsOf = (folded: readonly Folded[]) => folded.map(({ reading }) => reading.quality)

const temperatures = (...all: readonly (readonly [at: number, value: number])[]) =>
  all.map(([at, temperature]) => ({ at, values: { temperature } }))

describe('a jump', () => {
  it.each([
    ['of a cold room by what a door does', 'cold_room', [4, 8, 12], [null, null, null]],
    ['of a cold room by what nothing does', 'cold_room', [4, 40, 40], [null, 'RATE', null]],
    ['that was a spike: its end is none', 'cold_room', [4, 60, 4], [null, 'RATE', null]],
    ['that is followed by another', 'cold_room', [4, 60, -40, -40], [null, 'RATE', 'RATE', null]],
    ['of an oven whose door opens', 'deck_oven', [230, 150, 200], [null, null, null]],
    ['of an oven by what nothing does', 'deck_oven', [230, 20, 20], [null, 'RATE', null]],
    ['of a machine that nobody knows', 'other', [4, 200, -50], [null, null, null]],
  ] as const)('%s', (_, type, values, expected) => {
    const reads = values.map((temperature, index) => ({ at: index * 10 * second, values: { temperature } }))
    const words = wordsOf(judged(type, reads)).map((quality) => quality?.['temperature'] ?? null)
    expect(words).toEqual(expected)
  })

  it('degrades nobody: one odd reading is for who looks at it', () => {
    expect(judged('cold_room', temperatures([0, 4], [10 * second, 60]))[1]?.fault).toBeUndefined()
  })

  it.each([
    ['a gap', temperatures([0, 4], [31 * second, 60])],
    ['a clock that was set back', temperatures([0, 4], [-hour, 40])],
    [
      'a reading without it',
      [...temperatures([0, 4]), { at: 10 * second, values: { humidity: 80 } }, ...temperatures([20 * second, 40])],
    ],
    ['a value that no such machine can have', temperatures([0, 4], [10 * second, 850], [20 * second, 40])],
  ])('is none after %s', (_, reads) => {
    expect(judged('cold_room', reads).at(-1)?.reading.quality?.['temperature']).toBeUndefined()
  })

  it('is none a moment after the last reading', () => {
    expect(wordsOf(judged('cold_room', temperatures([0, 4], [5, 4.3])))).toEqual([null, null])
  })
})

describe('a sensor that stands still', () => {
  const still = (hours: number) => Array.from({ length: hours + 1 }, (_, index) => [index * hour, 4] as const)

  it('is doubted in a cold room after half a day, and says so', () => {
    const all = judged('cold_room', temperatures(...still(13)), undefined, hour)
    expect(wordsOf(all).map((quality) => quality?.['temperature'])).toEqual([
      ...Array(12).fill(undefined),
      'FLATLINE',
      'FLATLINE',
    ])
    expect(all[12]?.fault?.message).toBe('temperature has been exactly 4 for 720 minutes: its sensor may be stuck')
  })

  it.each([
    ['moves', [...still(11), [12 * hour, 4.1], [13 * hour, 4.1]], 'cold_room', undefined],
    ['belongs to an oven, which may be off', still(30), 'deck_oven', undefined],
    ['may stand still, because somebody said so', still(30), 'freezer', { flatline_minutes: 0 }],
  ] as const)('is not when it %s', (_, values, type, temperature) => {
    const given = temperature && { sensors: { temperature } }
    expect(judged(type, temperatures(...values), given, hour).every(({ fault }) => fault === undefined)).toBe(true)
  })

  it('still does after an hour in which nobody read it', () => {
    const values = still(13).filter(([at]) => at < 3 * hour || at > 8 * hour)
    expect(judged('cold_room', temperatures(...values), undefined, hour).at(-1)?.reading.quality).toEqual({
      temperature: 'FLATLINE',
    })
  })
})

describe('a sensor that is gone', () => {
  const every10s = (all: readonly Values[]) => all.map((values, index) => ({ at: index * 10 * second, values }))
  const both = { temperature: 4, humidity: 80 }
  const one = { temperature: 4 }

  it('is told from the third reading on, until it is back', () => {
    const all = judged('cold_room', every10s([both, one, one, one, one, both]))
    expect(wordsOf(all)).toEqual([null, null, null, { humidity: 'MISSING' }, { humidity: 'MISSING' }, null])
    expect(all[3]?.fault).toEqual({
      code: 'VALUE_INVALID',
      message: 'humidity was given before, and is missing since 3 readings',
    })
  })

  it.each([
    ['comes and goes with the program', { temperature: 4, time_remaining_minutes: 5 }, undefined],
    ['was never there', one, undefined],
    ['may be missing, because somebody said so', both, { sensors: { humidity: { optional: true } } }],
  ])('is not one that %s', (_, first, given) => {
    const all = judged('cold_room', every10s([first, one, one, one, one]), given)
    expect(wordsOf(all)).toEqual([null, null, null, null, null])
  })

  it('keeps the word of its fault where it has one', () => {
    const broken = {
      temperature: 4,
      humidity: { metric: 'humidity', fault: { code: 'POINT_REFUSED', message: 'no' } },
    } as const
    expect(wordsOf(judged('cold_room', every10s([both, broken, broken, broken, broken]))).at(-1)).toEqual({
      humidity: 'POINT_REFUSED',
    })
  })
})

describe('a counter', () => {
  it.each([
    ['that grows', [10, 11, 11], [undefined, undefined, undefined]],
    ['that is set back', [10, 0, 1], [undefined, 'COUNTER_RESET', undefined]],
    ['that goes round at 16 bits', [65_535, 2, 3], [undefined, 'COUNTER_RESET', undefined]],
    ['that goes round at 32 bits', [2 ** 32 - 1, 0, 1], [undefined, 'COUNTER_RESET', undefined]],
    ['that goes backwards', [10, 9.9, 9.8], [undefined, 'COUNTER_RESET', 'COUNTER_RESET']],
  ])('%s', (_, values, expected) => {
    const reads = values.map((energy_consumption_kwh, index) => ({
      at: index * hour,
      values: { energy_consumption_kwh },
    }))
    const words = wordsOf(judged('energy_meter', reads)).map((quality) => quality?.['energy_consumption_kwh'])
    expect(words).toEqual(expected)
  })
})

describe("the machine's clock", () => {
  const skewed = (...sources: readonly number[]) =>
    sources.map((source, index) => ({ at: index * 10 * second, values: { temperature: 4 }, source }))

  it.each([
    ['that is right', [0, -1_000, 30 * second], [false, false, false]],
    ['that is ahead', [2 * minute, 2 * minute], [true, true]],
    ['that is behind', [-hour, -hour, -hour], [false, true, true]],
    ['that is set right', [-hour, -hour, 0], [false, true, false]],
    ['that was never set', [17 * second - start, 17 * second - start, 17 * second - start], [false, true, true]],
    ['that is decades ahead', [2099, 2099].map((year) => Date.UTC(year, 0, 1) - start), [true, true]],
    ['of 1970 that does not run', [0, 10, 20].map((seconds) => (17 - seconds) * second - start), [false, false, false]],
    [
      'of a value that has not changed for long',
      [0, -10 * second, -20 * second, -30 * second],
      [false, false, false, false],
    ],
  ])('%s', (_, sources, expected) => {
    const all = judged('cold_room', skewed(...sources))
    expect(wordsOf(all).map((quality) => quality?.['source_time'] === 'CLOCK_SKEW')).toEqual(expected)
  })

  it('that stands still, as that of a value does that does not change, is none', () => {
    const reads = Array.from({ length: 20 }, (_, index) => ({
      at: index * minute,
      values: { temperature: 4 + index / 10 },
      source: -index * minute,
    }))
    expect(wordsOf(judged('other', reads, undefined, minute)).every((quality) => quality === null)).toBe(true)
  })

  it('may be of any moment since the reading before', () => {
    const reads = [0, 5, 10].map((minutes) => ({
      at: minutes * minute,
      values: { temperature: 4 },
      source: -3 * minute,
    }))
    expect(wordsOf(judged('other', reads, undefined, 5 * minute))).toEqual([null, null, null])
  })

  it('is told of with its machine', () => {
    expect(judged('cold_room', skewed(hour))[0]?.fault).toEqual({
      code: 'VALUE_INVALID',
      message: "the machine's time is 3600 s ahead: its clock or its time zone is wrong",
    })
  })

  it('may be off by more where somebody said so', () => {
    expect(wordsOf(judged('cold_room', skewed(hour), { sensors: {}, maxSkewMs: 2 * hour }))).toEqual([null])
  })
})

describe('limits of one machine', () => {
  it.each([
    ['a range of its own', { min: -30, max: 10 }, 11, 'IMPLAUSIBLE'],
    ['half a range, the rest as its type says', { max: 10 }, -51, 'IMPLAUSIBLE'],
    ['wider than its type says', { max: 200 }, 150, undefined],
  ])('%s', (_, temperature, value, expected) => {
    const given = { sensors: { temperature } }
    expect(judged('cold_room', temperatures([0, value]), given)[0]?.reading.quality?.['temperature']).toBe(expected)
  })

  it('judge what only this machine measures', () => {
    const given = { sensors: { 'additional.co2_ppm': { max: 5_000, max_rate_per_minute: 100 } } }
    const reads = [400, 6_000, 500, 900].map((value, index) => ({
      at: index * 10 * second,
      values: { 'additional.co2_ppm': value },
    }))
    expect(wordsOf(judged('cold_room', reads, given)).map((quality) => quality?.['additional.co2_ppm'])).toEqual([
      undefined,
      'IMPLAUSIBLE',
      undefined,
      'RATE',
    ])
  })
})

it('alters no value, takes no word away and takes any number', () => {
  const value = fc.oneof(fc.double(), fc.constantFrom(0, -0, 4, 1e308, -1e308, Number.NaN, Number.POSITIVE_INFINITY))
  const read = fc.record({
    readingTime: fc.integer({ min: 0, max: 1e13 }),
    sourceTime: fc.option(fc.integer({ min: -1e13, max: 1e13 })),
    values: fc.dictionary(fc.constantFrom('temperature', 'humidity', 'energy_consumption_kwh'), value),
    zones: fc.option(fc.dictionary(fc.constantFrom('a', 'toString'), value)),
    additional: fc.option(fc.dictionary(fc.constantFrom('b', '__proto__'), fc.oneof(value, fc.string()))),
    quality: fc.option(
      fc.dictionary(fc.constantFrom('temperature', 'additional.b'), fc.constantFrom('UNCERTAIN', 'TIMED_OUT')),
    ),
  })
  fc.assert(
    fc.property(fc.array(read, { maxLength: 20 }), (reads) => {
      const judge = createJudgeQuality(qualityLimits('cold_room'), 1_000)
      for (const one of reads) {
        const reading = { equipmentId: 'e', ...one } as Folded['reading']
        const before = structuredClone(reading)
        const { reading: after } = judge({ reading, good: 1, fault: undefined })
        expect(reading).toEqual(before)
        expect({ ...after, quality: null }).toEqual({ ...before, quality: null })
        expect(after.quality ?? {}).toMatchObject(before.quality ?? {})
      }
    }),
  )
})
