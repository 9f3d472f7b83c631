import type { Clock } from '#core'

/** Many alarms with one timer. */
export interface PollClock {
  /** Calls `ring` at the times that it is set to. */
  alarm(ring: () => void): Alarm
  stop(): void
}

export interface Alarm {
  /** To a due time, monotonic ms, in the place of the one before. */
  set(dueAt: number): void
  clear(): void
}

interface Entry {
  dueAt: number
  /** `undefined` where it was set to another time or cleared. */
  ring: (() => void) | undefined
  isInHeap: boolean
}

/**
 * A binary heap by due time: n machines cost O(log n) a poll, and the event loop holds one timer instead of n. An alarm that
 * has rung is set again without anything new being made, which would outlive the young generation.
 */
export function createPollClock(clock: Clock): PollClock {
  const heap: Entry[] = []
  let timer: NodeJS.Timeout | undefined
  let timerDueAt = Number.POSITIVE_INFINITY

  const arm = () => {
    const dueAt = heap[0]?.dueAt ?? Number.POSITIVE_INFINITY
    if (dueAt === timerDueAt) return
    clearTimeout(timer)
    timerDueAt = dueAt
    if (dueAt !== Number.POSITIVE_INFINITY) timer = setTimeout(wake, Math.max(0, dueAt - clock.monotonic()))
  }

  const wake = () => {
    timerDueAt = Number.POSITIVE_INFINITY
    const now = clock.monotonic()
    // Timers may fire a fraction of a millisecond early.
    while (heap[0] && heap[0].dueAt <= now + 0.5) ringNext(heap)
    arm()
  }

  return {
    alarm(ring) {
      let entry: Entry = { dueAt: 0, ring: undefined, isInHeap: false }
      return {
        set(dueAt) {
          entry.ring = undefined
          if (entry.isInHeap) entry = { dueAt, ring, isInHeap: false }
          entry.dueAt = dueAt
          entry.ring = ring
          push(heap, entry)
          arm()
        },
        clear() {
          entry.ring = undefined
        },
      }
    },
    stop() {
      clearTimeout(timer)
      heap.length = 0
    },
  }
}

function ringNext(heap: Entry[]): void {
  const entry = pop(heap)
  const ring = entry?.ring
  if (!entry || !ring) return
  entry.ring = undefined
  ring()
}

function push(heap: Entry[], entry: Entry): void {
  let index = heap.push(entry) - 1
  while (index > 0) {
    const parent = (index - 1) >> 1
    const above = heap[parent]
    if (!above || above.dueAt <= entry.dueAt) break
    heap[index] = above
    index = parent
  }
  heap[index] = entry
  entry.isInHeap = true
}

function pop(heap: Entry[]): Entry | undefined {
  const top = heap[0]
  if (top) top.isInHeap = false
  const last = heap.pop()
  if (!last || heap.length === 0) return top
  let index = 0
  for (;;) {
    let child = 2 * index + 1
    const left = heap[child]
    if (!left) break
    const right = heap[child + 1]
    if (right && right.dueAt < left.dueAt) child += 1
    const smaller = right && right.dueAt < left.dueAt ? right : left
    if (smaller.dueAt >= last.dueAt) break
    heap[index] = smaller
    index = child
  }
  heap[index] = last
  return top
}
