import type { Point, WantedValues } from '#connector'
import { createFold, type Fault, placeOf, type Reading, type Sample } from '#core'

/** What came of one value that was to be written, in our units and words. */
export interface WriteOutcome {
  readonly metric: string
  readonly requested: number | string | boolean
  /** What the machine has now; null where that is not known. */
  readonly value: number | string | boolean | null
  /** Whether that is what was asked for. */
  readonly ok: boolean
  readonly error?: Fault
}

/** Floats of 32 bits hold some seven digits: what differs by less is the same. */
const tolerance = 1e-6

/** Compares what was read back with what was asked for. A metric that the samples say nothing of was not written. */
export function writeOutcomes(
  points: readonly Point[],
  wanted: WantedValues,
  samples: readonly Sample[],
): WriteOutcome[] {
  const fold = createFold('', points)
  const byMetric = new Map(samples.map((sample) => [sample.metric, sample]))
  return Object.entries(wanted).map(([metric, requested]) => {
    const sample = byMetric.get(metric)
    if (!sample) return failed(metric, requested, { code: 'INTERNAL', message: `nothing is known of ${metric}` })
    if ('fault' in sample) return failed(metric, requested, sample.fault)
    const { reading, good, fault } = fold([sample], 0)
    const value = good > 0 ? valueIn(reading, metric) : undefined
    if (value === undefined) return failed(metric, requested, fault ?? notUsable)
    if (isSame(value, requested)) return { metric, requested, value, ok: true }
    const message = `${metric}: the machine has ${value} after ${requested} was written`
    return { metric, requested, value, ok: false, error: { code: 'VALUE_INVALID', message } }
  })
}

const notUsable: Fault = { code: 'VALUE_INVALID', message: 'what the machine has now could not be read' }

function failed(metric: string, requested: WriteOutcome['requested'], error: Fault): WriteOutcome {
  return { metric, requested, value: null, ok: false, error }
}

function valueIn({ values, zones, additional }: Reading, metric: string): number | string | boolean | undefined {
  const place = placeOf(metric)
  if (place?.in === 'column') return values[place.name]
  return place?.in === 'zone' ? zones?.[place.name] : place && additional?.[place.name]
}

function isSame(value: WriteOutcome['requested'], requested: WriteOutcome['requested']): boolean {
  if (typeof value !== 'number' || typeof requested === 'string') return value === requested
  // What is on or off is a register of 1 or 0 in many machines.
  if (typeof requested === 'boolean') return value === Number(requested)
  return Math.abs(value - requested) <= tolerance * Math.max(1, Math.abs(value), Math.abs(requested))
}
