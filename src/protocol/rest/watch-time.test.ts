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
    [at(86_401), undefined, undefined],
    ['1970-01-01T00:00:17Z', undefined, undefined],
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

describe('a time that does not move', () => {
  it.each<[ts: unknown, doubt: string]>([
    [at(7_200), `the machine's time has stood at ${at(7_200)} for 600 s: its data is frozen`],
    ['1970-01-01T00:00:17Z', 'the machine has given no new time at /ts for 600 s'],
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

  it('may be no time at all, as long as it moves: a clock that was never set runs all the same', () => {
    const oven = target()
    for (passedMs = 0; passedMs < 2_000_000; passedMs += 60_000) {
      expect(watch(oven, { ts: passedMs / 1_000 })).toEqual({})
    }
  })
})
