import { isOfSetClock, type Sample } from '#connector'
import { sampleOf, timeOf } from '#protocol/document'

/** One HACCP batch, as the API tells it. */
export type Batch = Readonly<Record<string, unknown>>

/**
 * The API's documentation tells the meaning of each field, but names only `id`, `name`, `startDate`, `finished` and
 * `deviceSerialNumber`. Whether the core temperature was reached is looked for by what its name must be made of.
 */
const coreReached = /^(is|has)?(required)?core(temp|temperature)reached$/i

/** What is not there, or null, gives nothing; what is there and wrong, a fault. The programme is that of a batch under way. */
export function batchSamples(batch: Batch, now: number): Sample[] {
  const core = Object.keys(batch).find((name) => coreReached.test(name))
  const fields: readonly (readonly [metric: string, name: string | undefined])[] = [
    ['additional.haccp_batch_id', 'id'],
    ['additional.haccp_batch', 'name'],
    ['additional.haccp_finished', 'finished'],
    ['additional.haccp_core_temperature_reached', core],
    ['additional.program', batch['finished'] === false ? 'name' : undefined],
  ]
  const samples = fields.flatMap(([metric, name]) =>
    name === undefined || batch[name] === undefined || batch[name] === null ? [] : [fieldSample(batch, metric, name)],
  )
  const started = startOf(batch, now)
  if (started === undefined) return samples
  const start = { value: new Date(started).toISOString(), quality: 'good' } as const
  return [...samples, { metric: 'additional.haccp_started', ...start }]
}

/** When it was started, ms since 1970; undefined where that is not told. */
export function startOf(batch: Batch, now: number): number | undefined {
  const start = timeOf(batch['startDate'])
  return start !== undefined && isOfSetClock(start, now) ? start : undefined
}

function fieldSample(batch: Batch, metric: string, name: string): Sample {
  return sampleOf(batch, { metric, address: { pointer: `/${name}` } })
}
