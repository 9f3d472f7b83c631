import type { Clock } from '#core'

/** Runs many callbacks at their due times with one timer. */
export interface PollClock {
  /** Calls `run` once at `dueAt` (monotonic ms); the returned function takes it back. */
  at(dueAt: number, run: () => void): () => void
  stop(): void
}

interface Entry {
  readonly dueAt: number
  /** `undefined` once taken back or run. */
  run: (() => void) | undefined
}

/** A binary heap by due time: n machines cost O(log n) a poll, and the event loop holds one timer instead of n. */
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
    while (heap[0] && heap[0].dueAt <= now + 0.5) pop(heap)?.run?.()
    arm()
  }

  return {
    at(dueAt, run) {
      const entry: Entry = { dueAt, run }
      entry.run = () => {
        entry.run = undefined
        run()
      }
      push(heap, entry)
      arm()
      return () => {
        entry.run = undefined
      }
    },
    stop() {
      clearTimeout(timer)
      heap.length = 0
    },
  }
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
}

function pop(heap: Entry[]): Entry | undefined {
  const top = heap[0]
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
