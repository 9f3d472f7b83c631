import { BakewireError, type ReadRequest, type Sample } from '#connector'
import { sampleOf } from '#protocol/document'
import { type Batch, batchSamples } from './batches/batch.ts'
import type { NewestBatches } from './batches/newest-batches.ts'
import type { Api } from './batches/open-api.ts'
import type { LiveValues } from './live/live-values.ts'
import type { RationalPoint, RationalTarget } from './schemas.ts'

export interface Account {
  readonly live: LiveValues
  /** Undefined where the account's API may not be asked. */
  readonly batches: NewestBatches | undefined
  readonly api: Api | undefined
  readonly now: () => number
}

type RationalRequest = ReadRequest<RationalTarget>
type Asked = Pick<RationalRequest, 'target' | 'signal'>

/** Live values first: what is wrong with the API is a fault of its values alone. */
export async function readUnit(account: Account, request: RationalRequest): Promise<Sample[]> {
  return request.target.points.length > 0 ? readPoints(account, request) : readDescribed(account, request)
}

async function readDescribed(account: Account, { target, signal }: RationalRequest): Promise<Sample[]> {
  const limits = limitsOf(account, { target, signal })
  const live = await account.live.readUnit(target, limits).catch(refusalOf)
  const serial = live instanceof BakewireError ? target.settings.unit_id : await serialOf(account, { target, signal })
  const batch = await newestOf(account, serial, signal)
  const batchValues =
    batch instanceof BakewireError
      ? [faulty('additional.haccp_batch', batch)]
      : batchSamples(batch ?? {}, account.now())
  if (!(live instanceof BakewireError)) return withoutDoubles([...live, ...batchValues])
  // The server shows ten units of an account; what the API knows of the others is worth having.
  if (!batchValues.some((sample) => 'value' in sample)) throw live
  return [faulty('operational_status', live), ...batchValues]
}

async function readPoints(account: Account, { target, points, signal }: RationalRequest): Promise<Sample[]> {
  const limits = limitsOf(account, { target, signal })
  const variables = points.filter(({ address }) => address.variable !== undefined)
  const fields = points.filter(({ address }) => address.batch !== undefined)
  const live = variables.length > 0 ? await account.live.readVariables(target, variables, limits) : []
  if (fields.length === 0) return live
  const batch = await newestOf(account, await serialOf(account, { target, signal }), signal)
  return [...live, ...fields.map((point) => fieldSample(point, batch))]
}

/** The newest batch of the target's unit; undefined where it has none or the API may not be asked. Throws why it is not known. */
export async function newestBatch(account: Account, asked: Asked): Promise<Batch | undefined> {
  const batch = await newestOf(account, await serialOf(account, asked), asked.signal)
  if (batch instanceof BakewireError) throw batch
  return batch
}

function fieldSample({ address, ...point }: RationalPoint, batch: Batch | undefined | BakewireError): Sample {
  const { batch: pointer = '', invalid } = address
  if (batch instanceof BakewireError) return faulty(point.metric, batch)
  if (batch) return sampleOf(batch, { ...point, address: { pointer, invalid } })
  return faulty(point.metric, new BakewireError('VALUE_INVALID', 'the unit has had no batch lately'))
}

export function limitsOf({ now }: Account, { target, signal }: Asked) {
  return { now, signal, timeoutMs: target.timeoutMs }
}

/** What batches are found by: what the server tells, else what was configured. */
async function serialOf(account: Account, request: Asked): Promise<string | undefined> {
  if (!account.batches) return undefined
  const { serial } = await account.live.unitOf(request.target, limitsOf(account, request))
  return serial ?? request.target.settings.unit_id
}

async function newestOf({ batches }: Account, serial: string | undefined, signal: AbortSignal) {
  if (!batches || serial === undefined) return undefined
  return batches.of(serial, signal).catch((thrown: unknown): BakewireError => {
    if (thrown instanceof BakewireError && !signal.aborted) return thrown
    throw thrown
  })
}

/** That the account does not show the unit; anything else is thrown on. */
function refusalOf(thrown: unknown): BakewireError {
  if (thrown instanceof BakewireError && thrown.code === 'POINT_REFUSED') return thrown
  throw thrown
}

/** The server's own word for a metric counts. */
function withoutDoubles(samples: readonly Sample[]): Sample[] {
  const byMetric = new Map<string, Sample>()
  for (const sample of samples) if (!byMetric.has(sample.metric)) byMetric.set(sample.metric, sample)
  return [...byMetric.values()]
}

function faulty(metric: string, { code, message }: BakewireError): Sample {
  return { metric, fault: { code, message: `${metric}: ${message}` } }
}
