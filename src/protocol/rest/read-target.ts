import type { BakewireError, Sample } from '#connector'
import { evaluatePointer, sampleOf } from '#protocol/document'
import {
  faulty,
  getDocument,
  isRefusal,
  machineFault,
  type RestLink,
  type RestRequest,
  withoutError,
} from './get-document.ts'
import { readDescribed } from './read-described.ts'
import type { DocumentName } from './schemas.ts'
import { timedSamples } from './timed-samples.ts'
import type { MachineTime } from './watch-time.ts'

/**
 * Gets each document that a wanted point is from, once, and takes its points from it. A refused path is a fault of each of
 * its points, and so is whatever is wrong with the status document when the data has come. Without points the documents
 * describe themselves.
 */
export async function readTarget(link: RestLink, request: RestRequest): Promise<Sample[]> {
  if (request.target.points.length === 0) return readDescribed(link, request)
  const status = request.points.filter(({ address }) => address.from === 'status')
  const data = status.length === 0 ? request.points : request.points.filter(({ address }) => address.from === 'data')
  const first = await readPoints(link, request, { name: 'data', points: data, isOwn: isRefusal })
  if (status.length === 0) return timedSamples(first.samples, first.time)
  const isOwn = data.length > 0 ? () => true : isRefusal
  const second = await readPoints(link, request, { name: 'status', points: status, isOwn })
  // Frozen data puts the status in doubt as well: both come through the same gateway or cloud.
  const { sourceTime: _ofData, ...doubt } = first.time
  return [...timedSamples(first.samples, first.time), ...timedSamples(second.samples, doubt)]
}

interface Taken {
  readonly samples: Sample[]
  readonly time: MachineTime
}

interface Part {
  readonly name: DocumentName
  readonly points: RestRequest['points']
  /** Whether a fault concerns the points of this document alone. */
  readonly isOwn: (fault: BakewireError) => boolean
}

async function readPoints(link: RestLink, request: RestRequest, { name, points, isOwn }: Part): Promise<Taken> {
  const { target, signal } = request
  if (points.length === 0) return { samples: [], time: {} }
  try {
    const answered = await getDocument(link, request, name)
    const { document, time } = answered
    if (!points.some((point) => isFound(document, point))) withoutError(answered, target)
    return { samples: points.map((point) => sampleOf(document, point)), time }
  } catch (thrown) {
    const fault = machineFault(signal, isOwn)(thrown)
    return { samples: points.map(({ metric }) => faulty(metric, fault)), time: {} }
  }
}

function isFound(document: unknown, { address }: RestRequest['points'][number]): boolean {
  const found = evaluatePointer(document, address.pointer)
  return found !== undefined && typeof found !== 'object'
}
