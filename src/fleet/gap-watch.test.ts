import { expect, it } from 'vitest'
import type { ErrorCode } from '#core'
import { afterEvent, type GapEvent, type GapWatch } from './gap-watch.ts'

const second = 1_000
const begun: GapWatch = {
  equipmentId: 'oven',
  endpoint: '192.0.2.7',
  intervalMs: 30 * second,
  since: 0,
  begunAt: 5 * second,
  failure: undefined,
  isOpen: false,
}

const read = (at: number): GapEvent => ({ kind: 'read', at: at * second })
const failed = (at: number, code: ErrorCode = 'UNREACHABLE'): GapEvent => ({ kind: 'failed', at: at * second, code })
const looked = (at: number): GapEvent => ({ kind: 'looked', at: at * second })

/** The gaps that are stored: from, to (seconds), reason, detail. */
function gapsOf(events: readonly GapEvent[], watch: Partial<GapWatch> = {}) {
  let current: GapWatch = { ...begun, ...watch }
  return events.flatMap((event) => {
    const step = afterEvent(current, event)
    current = step.watch
    if (!step.gap) return []
    const { from, to, reason, detail } = step.gap
    return [[from / second, to === null ? null : to / second, reason, detail]]
  })
}

it.each<[what: string, events: GapEvent[], watch: Partial<GapWatch>, gaps: unknown[]]>([
  ['readings at the interval', [read(30), read(60), read(90)], {}, []],
  ['one failure that is made good at once', [read(30), failed(60), read(61)], {}, []],
  ['a poll that is missed', [read(30), failed(60), read(90)], {}, [[30, 90, 'machine_off', 'UNREACHABLE']]],
  [
    'a machine that is away: opened as soon as it is long enough, once, and closed',
    [read(30), failed(60), looked(74), looked(76), failed(80), looked(99), read(120), read(150)],
    {},
    [
      [30, null, 'machine_off', 'UNREACHABLE'],
      [30, 120, 'machine_off', 'UNREACHABLE'],
    ],
  ],
  [
    'several reasons: the first',
    [read(30), failed(60), failed(70, 'CREDENTIALS_REJECTED'), looked(80)],
    {},
    [[30, null, 'machine_off', 'UNREACHABLE']],
  ],
  ['a reason of before the last reading', [failed(30), read(31), read(90)], {}, [[31, 90, 'late', null]]],
  ['a shard that moves', [read(30)], {}, []],
  ['a fast machine whose shard moves', [read(7)], { intervalMs: second, begunAt: 6 * second }, []],
  ['a worker that was away', [read(100), read(130)], { begunAt: 99 * second }, [[0, 100, 'restart', null]]],
  [
    'a worker that was away, then a machine that is',
    [failed(101), looked(140), looked(145), read(200)],
    { begunAt: 99 * second },
    [
      [0, 99, 'restart', null],
      [99, null, 'machine_off', 'UNREACHABLE'],
      [99, 200, 'machine_off', 'UNREACHABLE'],
    ],
  ],
  ['a gap that is open already', [failed(101), looked(200)], { begunAt: 99 * second, isOpen: true }, []],
  [
    'a gap that was opened by another worker and ends here',
    [read(101)],
    { begunAt: 99 * second, isOpen: true },
    [[0, 101, 'restart', null]],
  ],
  ['a read that takes long: nothing until it ends', [read(30), looked(300)], {}, []],
])('%s', (_what, events, watch, gaps) => {
  expect(gapsOf(events, watch)).toEqual(gaps)
})
