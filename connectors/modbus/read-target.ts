import { BakewireError, type ReadRequest, type Sample } from '#connector'
import { type Block, type Decoded, decodeBit, decodeNumber, decodeText, isBitTable } from '#protocol/modbus'
import type { ModbusLink } from './link.ts'
import type { ModbusTarget } from './settings.ts'
import { type PlannedPoint, planTarget, type TargetPlan } from './target-plan.ts'

type Request = ReadRequest<ModbusTarget>

/**
 * Reads the points block after block. A refusal or a failure that the machine reports becomes a fault of the points it
 * concerns; the first time-out, lost connection or broken frame ends the read, so that a dead unit holds the bus once.
 */
export async function readTarget(link: ModbusLink, request: Request): Promise<Sample[]> {
  const plan = planOf(link, request.target)
  const samples: Sample[] = []
  try {
    for (const block of plan.blocksFor(request.points)) {
      samples.push(...(await readBlock(link, request, plan, block)))
    }
  } finally {
    if (request.target.settings.close_after_read) await link.connection.end()
  }
  return samples
}

function planOf(link: ModbusLink, target: ModbusTarget): TargetPlan {
  const known = link.plans.get(target)
  if (known) return known
  const made = planTarget(target.settings)
  link.plans.set(target, made)
  return made
}

async function readBlock(
  link: ModbusLink,
  request: Request,
  plan: TargetPlan,
  block: Block<PlannedPoint>,
): Promise<Sample[]> {
  const answer = await requestBlock(link, request, block)
  if (answer instanceof BakewireError) {
    if (answer.code === 'POINT_REFUSED' && block.points.length > 1) return splitBlock(link, request, plan, block)
    return block.points.map(({ metric }) => faulty(metric, answer))
  }
  if (block.points.length === 1) for (const point of block.points) plan.forgetRefusal(point)
  return block.points.map((point) => sampleOf(point, answer, block.address))
}

async function splitBlock(
  link: ModbusLink,
  request: Request,
  plan: TargetPlan,
  block: Block<PlannedPoint>,
): Promise<Sample[]> {
  const samples: Sample[] = []
  const refused = new Set<PlannedPoint>()
  for (const point of block.points) {
    const answer = await requestBlock(link, request, point)
    if (answer instanceof BakewireError) {
      if (answer.code === 'POINT_REFUSED') refused.add(point)
      samples.push(faulty(point.metric, answer))
    } else {
      samples.push(sampleOf(point, answer, point.address))
    }
  }
  plan.learnRefusal(block, refused)
  return samples
}

type Answer = { readonly registers: readonly number[] } | { readonly bits: readonly boolean[] }

/** The answer, or the error by which the machine refuses it and after which the next request may follow. */
async function requestBlock(
  { connection }: ModbusLink,
  { target, signal }: Request,
  { table, address, count }: { table: PlannedPoint['table']; address: number; count: number },
): Promise<Answer | BakewireError> {
  const unitId = target.settings.unit_id
  const place = { unitId, address, count, timeoutMs: target.timeoutMs, signal }
  try {
    return await connection.ask<Answer>(unitId, signal, async (client) =>
      isBitTable(table)
        ? { bits: await client.readBits({ table, ...place }) }
        : { registers: await client.readRegisters({ table, ...place }) },
    )
  } catch (error) {
    if (error instanceof BakewireError && (error.code === 'POINT_REFUSED' || error.code === 'DEVICE_BUSY')) return error
    throw error
  }
}

function sampleOf(point: PlannedPoint, answer: Answer, blockAddress: number): Sample {
  const { metric, table, address } = point
  const start = address - blockAddress
  const decoded =
    'bits' in answer ? { value: answer.bits[start] ?? false } : decodeRegisters(point, answer.registers, start)
  if ('value' in decoded) return { metric, value: decoded.value, quality: 'good' }
  const { code, message } = decoded.fault
  return { metric, fault: { code, message: `${metric} at ${table} ${address}: ${message}` } }
}

function decodeRegisters(
  { format }: PlannedPoint,
  registers: readonly number[],
  start: number,
): Decoded<number | string | boolean> {
  if ('bit' in format) return { value: decodeBit(registers, start, format) }
  return 'type' in format ? decodeNumber(registers, start, format) : decodeText(registers, start, format)
}

function faulty(metric: string, { code, message }: BakewireError): Sample {
  return { metric, fault: { code, message } }
}
