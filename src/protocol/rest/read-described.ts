import { BakewireError, type Sample } from '#connector'
import { sampleOf } from '#protocol/document'
import { describedPoints } from '#protocol/http'
import {
  type Answered,
  faulty,
  getDocument,
  machineFault,
  type RestLink,
  type RestRequest,
  withoutError,
} from './get-document.ts'
import { timedSamples } from './timed-samples.ts'

/** The metric that a machine without points is short of when its status cannot be had. */
const statusMetric = 'operational_status'

/**
 * What a machine's documents say by the names of metrics; the data goes before the status. Throws VALUE_INVALID where they
 * name nothing that has a value, PROTOCOL_VIOLATED where the data is no document that could.
 */
export async function readDescribed(link: RestLink, request: RestRequest): Promise<Sample[]> {
  const data = await getDocument(link, request, 'data')
  const samples = samplesIn(data)
  if (samples.length === 0) withoutError(data, request.target)
  const known = new Set(samples.map(({ metric }) => metric))
  const added = (await readStatus(link, request)).filter(({ metric }) => !known.has(metric))
  if (samples.length + added.length === 0) throw nothingIn(data)
  const { sourceTime: _ofData, ...doubt } = data.time
  return [...timedSamples(samples, data.time), ...timedSamples(added, doubt)]
}

async function readStatus(link: RestLink, request: RestRequest): Promise<Sample[]> {
  if (request.target.settings.status_endpoint === undefined) return []
  const status = await getDocument(link, request, 'status')
    .then((answered) => (samplesIn(answered).length > 0 ? answered : withoutError(answered, request.target)))
    .catch(machineFault(request.signal, () => true))
  return status instanceof BakewireError ? [faulty(statusMetric, status)] : samplesIn(status)
}

function samplesIn({ document }: Answered): Sample[] {
  const { points, beyond } = describedPoints(document)
  const samples = points.map((point) => sampleOf(document, point))
  const [metric] = beyond
  if (metric === undefined) return samples
  const message = `${metric}: not read, for the machine names ${points.length + beyond.length} values`
  return [...samples, { metric, fault: { code: 'VALUE_INVALID', message } }]
}

function nothingIn({ document, what }: Answered): BakewireError {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    return new BakewireError('PROTOCOL_VIOLATED', `${what} was answered with JSON that is no object`)
  }
  const message = `${what} was answered without a value under the name of a metric: points must say where values stand`
  return new BakewireError('VALUE_INVALID', message)
}
