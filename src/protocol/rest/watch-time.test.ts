import { beforeEach, describe, expect, it } from 'vitest'
import type { RestTarget } from './schemas.ts'
import { createWatchTime, type WatchTime } from './watch-time.ts'

const start = Date.parse('2026-11-20T12:00:00Z')
let passedMs = 0
let watch: WatchTime

beforeEach(() => {
  passedMs = 0
  watch = createWatchTime({ now: () => start + passedMs, monotonic: () => 5_000 + passedMs })
})

function target(settings: Partial<RestTarget['settings']> = {}): RestTarget {
  return { settings: { timestamp_pointer: '/ts', frozen_after: 600, ...settings } } as RestTarget
}

const at = (seconds: number) => new Date(start + seconds * 1_000).toISOString()

describe('the time of a document', () => {
  it.each<[ts: unknown, sourceTime: number | undefined, doubt: string | undefined]>([
    [at(0), start, undefined],
    [at(-599), start - 599_000, undefined],
    [at(3_600), start + 3_600_000, undefined],
    [at(-600), start - 600_000, 'its data is old, or its clock or time zone is wrong'],
    [at(-86_400), start - 86_400_000, 'older than 600 s'],
    [at(86_401), start + 86_401_000, undefined],
    ['1970-01-01T00:00:17Z', 17_000, undefined],
    ['1970-01-01T00:00:00Z', undefined, undefined],
    [{ at: 1 }, undefined, undefined],
    [undefined, undefined, undefined],
  ])('%j', (ts, sourceTime, doubt) => {
    const time = watch(target(), { ts })
    expect(time.sourceTime).toBe(sourceTime)
    if (doubt === undefined) expect(time.doubt).toBeUndefined()
    else expect(time.doubt).toContain(doubt)
  })

  it('is not looked at without a pointer, and never in doubt where frozen_after is 0', () => {
    expect(watch({ settings: { frozen_after: 600 } } as RestTarget, { ts: at(0) })).toEqual({})
    expect(watch(target({ frozen_after: 0 }), { ts: at(-86_400) })).toEqual({ sourceTime: start - 86_400_000 })
  })
})

describe('a time without zone', () => {
  it.each<[ts: unknown, timezone: string | undefined, sourceTime: string]>([
    ['2026-11-20T12:59:30', undefined, '2026-11-20T12:59:30Z'],
    ['2026-11-20T12:59:30', 'Europe/Berlin', '2026-11-20T11:59:30Z'],
    ['2026-11-20 06:59', 'America/New_York', '2026-11-20T11:59:00Z'],
    ['2026-11-20T12:59:30Z', 'Europe/Berlin', '2026-11-20T12:59:30Z'],
    [start / 1_000, 'Europe/Berlin', '2026-11-20T12:00:00Z'],
  ])('%s in %s is %s', (ts, timezone, sourceTime) => {
    expect(watch(target({ timezone }), { ts })).toEqual({ sourceTime: Date.parse(sourceTime) })
  })

  it('does not stand still in the hour that comes twice, and is of the hour that it is', () => {
    const oven = target({ timezone: 'Europe/Berlin' })
    const shows = new Intl.DateTimeFormat('sv-SE', {
      timeZone: 'Europe/Berlin',
      dateStyle: 'short',
      timeStyle: 'medium',
    })
    const night = Date.parse('2026-10-24T23:30:00Z')
    for (let time = night; time < night + 3 * 3_600_000; time += 60_000) {
      passedMs = time - start
      expect(watch(oven, { ts: shows.format(time) })).toEqual({ sourceTime: time })
    }
  })
})

describe('a time that does not move', () => {
  it.each<[ts: unknown, doubt: string]>([
    [at(7_200), `the machine's time has stood at ${at(7_200)} for 600 s: its data is frozen`],
    ['1970-01-01T00:00:17Z', "the machine's time has stood at 1970-01-01T00:00:17.000Z for 600 s: its data is frozen"],
    ['1970-01-01T00:00:00Z', 'the machine has given no new time at /ts for 600 s'],
    [undefined, 'the machine has given no new time at /ts for 600 s'],
    [null, 'the machine has given no new time at /ts for 600 s'],
  ])('%j', (ts, doubt) => {
    const oven = target()
    expect(watch(oven, { ts }).doubt).toBeUndefined()
    passedMs = 599_999
    expect(watch(oven, { ts }).doubt).toBeUndefined()
    passedMs = 600_000
    expect(watch(oven, { ts }).doubt).toBe(doubt)
    expect(watch(oven, { ts: at(600) })).toEqual({ sourceTime: start + 600_000 })
  })

  it('is told of each machine apart', () => {
    const oven = target()
    watch(oven, { ts: at(7_200) })
    passedMs = 600_000
    expect(watch(target(), { ts: at(7_200) }).doubt).toBeUndefined()
    expect(watch(oven, { ts: at(7_200) }).doubt).toBeDefined()
  })

  it.each([
    ['that was never set', 1],
    ['that is years ahead', Date.UTC(2099, 0, 1)],
  ])('is not that of a clock %s, as long as it runs', (_name, from) => {
    const oven = target()
    for (passedMs = 0; passedMs < 2_000_000; passedMs += 60_000) {
      const sourceTime = from + passedMs
      expect(watch(oven, { ts: sourceTime / 1_000 })).toEqual({ sourceTime })
    }
  })
})
