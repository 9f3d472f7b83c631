import { setTimeout as sleep } from 'node:timers/promises'
import { BakewireError, type Sample, type WriteRequest } from '#connector'
import type { ModbusLink } from './link.ts'
import { planWrite, type WrittenValue } from './plan-write.ts'
import { faulty, readSpan, sampleOf } from './read-span.ts'
import type { ModbusTarget } from './settings.ts'
import { plannedPoint } from './target-plan.ts'

type Request = WriteRequest<ModbusTarget>
type OneWrite = Request['writes'][number]

/** `failure`: the machine or the link is gone, and nothing more is asked of it. */
interface Outcome {
  /** `false`: it was not, or the machine has refused it; `unknown`: it was sent, and there is no answer. */
  readonly isWritten: boolean | 'unknown'
  readonly sample: Sample
  readonly failure?: BakewireError
}

/** A machine that confirms at once may take a moment to show it: reads, and only these, are tried so often and so far apart. */
const readBacksMax = 3
const readBackRestMs = 100

/**
 * Writes one value after the other, each with one request that is never sent twice, and reads each back. What is refused
 * (CONFIG_INVALID by us, POINT_REFUSED or DEVICE_BUSY by the machine) does not hinder the next. When the machine or the
 * link fails that is thrown, or, where something was written before or this was not sent, told as the fault of this write
 * and of all others.
 * The framework adds to what is thrown that nobody knows what the machine has made of it.
 */
export async function writeTarget(link: ModbusLink, request: Request): Promise<Sample[]> {
  const samples: Sample[] = []
  let isAnyWritten = false
  let failure: BakewireError | undefined
  try {
    for (const write of request.writes) {
      const outcome: Outcome = failure ? notTried(write, failure) : await writeOne(link, request, write)
      if (outcome.failure && outcome.isWritten === 'unknown' && !isAnyWritten) throw outcome.failure
      isAnyWritten ||= outcome.isWritten === true
      failure ??= outcome.failure
      samples.push(outcome.sample)
    }
  } finally {
    if (request.target.settings.close_after_read) await link.connection.end()
  }
  return samples
}

async function writeOne(link: ModbusLink, request: Request, write: OneWrite): Promise<Outcome> {
  const { target, signal } = request
  const { metric } = write.point
  const order = planWrite(plannedPoint(write.point), write.value, target.settings)
  if ('refusal' in order) {
    const message = `${metric} is not written: ${order.refusal}`
    return { isWritten: false, sample: faulty(metric, { code: 'CONFIG_INVALID', message }) }
  }
  const silence = order.isEchoed ? await listenForEchoes(link, request, write) : undefined
  if (silence) return { ...notTried(write, silence), failure: silence }
  const ways = { timeoutMs: target.timeoutMs, signal }
  const refusal = await faultOf(link.connection.ask(target.settings.unit_id, signal, (to) => order.send(to, ways)))
  if (!refusal) return { isWritten: true, ...(await readBack(link, request, write, order.value)) }
  const ended = failureOf(refusal)
  // A gateway that says that a machine did not answer has passed the write on all the same.
  const message = ended.failure ? `${refusal.message}; whether it was written is not known` : refusal.message
  const isWritten = ended.failure ? 'unknown' : false
  return { isWritten, sample: faulty(metric, { code: refusal.code, message }), ...ended }
}

/**
 * The first write of a link could be confirmed by its own echo, of a line that sends every request back. What is read back
 * afterwards is read before it then, because any answer shows the line; without one there is nobody to write to.
 */
async function listenForEchoes(
  link: ModbusLink,
  request: Request,
  { point }: OneWrite,
): Promise<BakewireError | undefined> {
  if (link.connection.tellsEchoes) return undefined
  return faultOf(readSpan(link, request, plannedPoint(point)))
}

/** What the machine has after a confirmed write, which need not be what was written: some keep to limits of their own. */
async function readBack(
  link: ModbusLink,
  request: Request,
  write: OneWrite,
  written: WrittenValue,
): Promise<Omit<Outcome, 'isWritten'>> {
  const { metric } = write.point
  const point = plannedPoint(write.point)
  for (let reads = 1; ; reads++) {
    const read = await readSpan(link, request, point).catch(asFault)
    if (read instanceof BakewireError) {
      const message = `${metric} was written, but cannot be read back: ${read.message}`
      return { sample: faulty(metric, { code: read.code, message }), ...failureOf(read) }
    }
    const sample = sampleOf(point, read, point.address)
    const isSettled = 'value' in sample && sample.value === written
    if (isSettled || reads === readBacksMax || request.signal.aborted) return { sample }
    // It rejects when the write is given up: then what was read is the answer.
    await sleep(readBackRestMs, undefined, { signal: request.signal }).catch(() => undefined)
  }
}

function notTried({ point: { metric } }: OneWrite, { code, message }: BakewireError): Outcome {
  const fault = { code, message: `${metric} was not written, because before it: ${message}` }
  return { isWritten: false, sample: faulty(metric, fault) }
}

/** What the machine itself says concerns one write; anything else ends them all. */
function failureOf(error: BakewireError): { failure?: BakewireError } {
  return error.code === 'POINT_REFUSED' || error.code === 'DEVICE_BUSY' ? {} : { failure: error }
}

function faultOf(work: Promise<unknown>): Promise<BakewireError | undefined> {
  return work.then(() => undefined, asFault)
}

function asFault(error: unknown): BakewireError {
  if (error instanceof BakewireError) return error
  throw error
}
