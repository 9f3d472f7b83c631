import type { Point } from '#connector'
import { type Clock, type Fault, limits, type Sample } from '#core'

/** Spares a machine the points that it refuses again and again: they are asked only now and then, and keep their fault meanwhile. */
export interface PointRest {
  /** The points to ask at this poll: never none, for a machine that refuses all of them is asked for all. */
  due(points: readonly Point[]): readonly Point[]
  /** Takes note of the samples and adds the faults of the points that were not asked. */
  complete(samples: Sample[]): Sample[]
  /** All points are asked at the next poll. */
  wake(): void
}

interface Refused {
  readonly times: number
  readonly fault: Fault
  /** Monotonic ms. */
  readonly askAgainAt: number
}

export function createPointRest(clock: Pick<Clock, 'monotonic'>): PointRest {
  const refused = new Map<string, Refused>()
  let resting: { readonly metric: string; readonly fault: Fault }[] = []

  return {
    due(points) {
      resting = []
      if (refused.size === 0) return points
      const now = clock.monotonic()
      const due = points.filter(({ metric }) => {
        const entry = refused.get(metric)
        if (!entry || entry.times < limits.pointRefusalsBeforeRest || entry.askAgainAt <= now) return true
        resting.push({ metric, fault: entry.fault })
        return false
      })
      if (due.length > 0) return due
      resting = []
      return points
    },
    complete(samples) {
      for (const sample of samples) {
        if ('fault' in sample && sample.fault.code === 'POINT_REFUSED') {
          const times = (refused.get(sample.metric)?.times ?? 0) + 1
          const askAgainAt = clock.monotonic() + limits.refusedPointRestMs
          refused.set(sample.metric, { times, fault: sample.fault, askAgainAt })
        } else if (refused.size > 0) refused.delete(sample.metric)
      }
      if (resting.length === 0) return samples
      return [...samples, ...resting]
    },
    wake: () => refused.clear(),
  }
}
