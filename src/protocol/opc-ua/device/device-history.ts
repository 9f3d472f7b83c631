import type { Kept, Sample } from '#connector'
import type { DevicePoint } from './device-points.ts'
import { deviceSamples } from './device-samples.ts'

/** What is part of one status of the device, together with others of these. */
const partial: ReadonlySet<DevicePoint['reading']> = new Set([
  'state',
  'item state',
  'node',
  'number',
  'outweighs',
  'condition',
])

/**
 * What was kept of a device's points as moments of our metrics. A server keeps what changed, so that a status is made of the
 * newest that was kept of each of its parts; it is left out as long as one of them is not known, for it could be a wrong one.
 */
export function deviceHistory(points: readonly DevicePoint[], kept: readonly Kept[]): Kept[] {
  const parts = new Set(points.filter(makesStatus).map(({ metric }) => metric))
  const newest = new Map<string, Sample>()
  return kept.map(({ time, samples }) => {
    const changed = samples.filter(({ metric }) => parts.has(metric))
    for (const sample of changed) newest.set(sample.metric, sample)
    const isKnown = changed.length > 0 && newest.size === parts.size
    const others = samples.filter(({ metric }) => !parts.has(metric))
    const told = [...others, ...(isKnown ? newest.values() : [])]
    return { time, samples: deviceSamples(points, new Map(told.map((sample) => [sample.metric, sample]))) }
  })
}

function makesStatus({ metric, reading }: DevicePoint): boolean {
  return partial.has(reading) || metric === 'operational_status' || metric === 'additional.device_health'
}
