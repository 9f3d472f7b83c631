import { together } from './fault-text.ts'
import type { Folded } from './fold-samples.ts'
import { limits as bounds } from './limits.ts'
import type { QualityLimits, SensorLimits } from './quality-limits.ts'
import type { QualityWord } from './quality-words.ts'
import type { Fault } from './reading.ts'

/**
 * Marks in a reading what only shows beside the readings before it: jumps, sensors that stand still or are gone, counters that
 * fall, a clock that is off. It alters no value and takes no mark away.
 */
export type JudgeQuality = (folded: Folded) => Folded

/**
 * What is known of one sensor from its readings so far. Times in ms since 1970. It is made for every reading of a fleet: one shape,
 * and numbers that are none yet are NaN.
 */
interface Track {
  readonly metric: string
  readonly isCounter: boolean
  readonly isOptional: boolean
  /** Fastest change, ∞ for any. */
  readonly ratePerMs: number
  /** Longest standstill, ∞ for any. */
  readonly flatMs: number
  /** The last value that nothing else was wrong with. */
  value: number
  /** When it came; −∞ once a reading had none. */
  at: number
  /** Since when it has been exactly `value`. */
  sameSince: number
  /** The last value that had not jumped. */
  trusted: number
  trustedAt: number
  /** Count of the reading that had it last. */
  seen: number
}

/** `undefined` where nothing can be wrong with the sensor beside its earlier readings. */
function trackOf(metric: string, { max_rate_per_minute, flatline_minutes, optional }: SensorLimits): Track | undefined {
  if (optional && !max_rate_per_minute && !flatline_minutes && !counters.has(metric)) return undefined
  return {
    metric,
    isCounter: counters.has(metric),
    isOptional: optional ?? false,
    ratePerMs: max_rate_per_minute ? max_rate_per_minute / minuteMs : Infinity,
    flatMs: flatline_minutes ? flatline_minutes * minuteMs : Infinity,
    value: Number.NaN,
    at: -Infinity,
    sameSince: Number.NaN,
    trusted: Number.NaN,
    trustedAt: Number.NaN,
    seen: 0,
  }
}

/** By the name below a prefix. */
type Known = Map<string, Track | undefined>

interface Mark {
  readonly metric: string
  readonly word: QualityWord
  /** Why the machine is degraded by it; absent where it is not. */
  readonly message?: string
}

const counters: ReadonlySet<string> = new Set(['energy_consumption_kwh'])

/** Readings in a row without a sensor, until it counts as gone: one answer that is short is none. */
const readingsUntilMissing = 3
/** Readings that fall out make a gap; after it any value is news. */
const intervalsOfGap = 3
const gapMsMin = 10_000
/** A change is held against at least this time: a reading out of turn comes milliseconds after the last. */
const changeMsMin = 10_000
const minuteMs = 60_000

/** For one machine that is read at an interval; the memory of it is this function's own and begins empty. */
export function createJudgeQuality(limits: QualityLimits, intervalMs: number): JudgeQuality {
  const gapMs = Math.max(intervalsOfGap * intervalMs, gapMsMin)
  const tracks: Track[] = []
  const columns: Known = new Map()
  const zones: Known = new Map()
  const additional: Known = new Map()
  const judgeClock = createJudgeClock(limits.maxSkewMs)
  let readings = 0

  const tracked = (known: Known, prefix: string, name: string): Track | undefined => {
    const before = known.get(name)
    if (before || known.has(name) || known.size >= bounds.pointsPerEquipment) return before
    const metric = prefix + name
    const track = trackOf(metric, limits.of(metric))
    known.set(name, track)
    if (track) tracks.push(track)
    return track
  }

  const judgeAll = (
    marks: Mark[],
    known: Known,
    prefix: string,
    values: Readonly<Record<string, unknown>>,
    { readingTime, quality }: Folded['reading'],
  ) => {
    for (const name in values) {
      const value = values[name]
      if (typeof value !== 'number') continue
      const track = tracked(known, prefix, name)
      if (track === undefined) continue
      track.seen = readings
      if (quality !== null && track.metric in quality) track.at = -Infinity
      else {
        const mark = judgeValue(track, value, readingTime, gapMs)
        if (mark) marks.push(mark)
      }
    }
  }

  return (folded) => {
    const { reading } = folded
    const marks: Mark[] = []
    readings += 1
    judgeAll(marks, columns, '', reading.values, reading)
    if (reading.zones) judgeAll(marks, zones, 'temperature_zones.', reading.zones, reading)
    if (reading.additional) judgeAll(marks, additional, 'additional.', reading.additional, reading)
    for (const track of tracks) {
      if (track.seen === readings) continue
      track.at = -Infinity
      const isTold = reading.quality !== null && track.metric in reading.quality
      if (isTold || track.isOptional || readings - track.seen < readingsUntilMissing) continue
      const message = `${track.metric} was given before, and is missing since ${readings - track.seen} readings`
      marks.push({ metric: track.metric, word: 'MISSING', message })
    }
    const skew = judgeClock(reading)
    if (skew) marks.push(skew)
    return marks.length === 0 ? folded : marked(folded, marks)
  }
}

function judgeValue(track: Track, value: number, at: number, gapMs: number): Mark | undefined {
  const { metric, value: before } = track
  const sinceMs = at - track.at
  if (value !== before || sinceMs <= 0) track.sameSince = at
  const jumped =
    sinceMs > 0 &&
    sinceMs <= gapMs &&
    isTooFast(track, value - before, sinceMs) &&
    isTooFast(track, value - track.trusted, at - track.trustedAt)
  track.value = value
  track.at = at
  if (!jumped) {
    track.trusted = value
    track.trustedAt = at
  }
  if (track.isCounter && value < before) return { metric, word: 'COUNTER_RESET' }
  if (jumped) return { metric, word: 'RATE' }
  if (at - track.sameSince < track.flatMs) return undefined
  const minutes = track.flatMs / minuteMs
  const message = `${metric} has been exactly ${value} for ${minutes} minutes: its sensor may be stuck`
  return { metric, word: 'FLATLINE', message }
}

function isTooFast({ ratePerMs }: Track, change: number, ms: number): boolean {
  return Math.abs(change) > ratePerMs * Math.max(ms, changeMsMin)
}

/**
 * A time ahead of ours is wrong at once. One behind may be of a value that has not changed since: only a time that has moved, and
 * still is from well before the reading before, tells of a clock or of data that is late.
 */
function createJudgeClock(maxSkewMs: number): (reading: Folded['reading']) => Mark | undefined {
  /** Of the reading before. */
  const before = { readingTime: Number.NaN, sourceTime: Number.NaN }
  let isBehind = false
  return ({ readingTime, sourceTime }) => {
    if (sourceTime === null || maxSkewMs === 0) return undefined
    if (sourceTime > before.sourceTime) isBehind = sourceTime < before.readingTime - maxSkewMs
    before.readingTime = readingTime
    before.sourceTime = sourceTime
    const aheadMs = sourceTime - readingTime
    if (aheadMs > maxSkewMs) return skewMark(`${seconds(aheadMs)} s ahead: its clock or its time zone is wrong`)
    if (!isBehind) return undefined
    return skewMark(`${seconds(-aheadMs)} s behind: its clock or its time zone is wrong, or its data is late`)
  }
}

function skewMark(what: string): Mark {
  return { metric: 'source_time', word: 'CLOCK_SKEW', message: `the machine's time is ${what}` }
}

function seconds(ms: number): number {
  return Math.round(ms / 1_000)
}

function marked({ reading, good, fault }: Folded, marks: readonly Mark[]): Folded {
  const quality = { ...reading.quality, ...Object.fromEntries(marks.map(({ metric, word }) => [metric, word])) }
  const faults = marks.flatMap(({ message }): Fault[] =>
    message === undefined ? [] : [{ code: 'VALUE_INVALID', message }],
  )
  return { reading: { ...reading, quality }, good, fault: together(fault ? [fault, ...faults] : faults) }
}
