import type { Sample } from '#connector'
import type { MachineTime } from './watch-time.ts'

/** Puts the machine's own time beside each value, and makes each uncertain where that time says that it may be an old one. */
export function timedSamples(samples: Sample[], { sourceTime, doubt }: MachineTime): Sample[] {
  if (sourceTime === undefined && doubt === undefined) return samples
  const time = sourceTime === undefined ? {} : { sourceTime }
  const quality = doubt === undefined ? {} : ({ quality: 'uncertain', doubt } as const)
  return samples.map((sample) => ('fault' in sample ? sample : { ...sample, ...time, ...quality }))
}
