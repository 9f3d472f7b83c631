import { BakewireError, type ReadRequest, type Sample, type Target } from '#connector'
import { type Block, decodeBit, decodeNumber, isBitTable, type ModbusClient } from '#protocol/modbus'
import type { ModbusAddress } from './address.ts'
import { type PlannedPoint, type PlanSettings, planTarget, type TargetPlan } from './target-plan.ts'

export interface ModbusSettings extends PlanSettings {
  readonly unit_id: number
}
export type ModbusTarget = Target<unknown, ModbusSettings, ModbusAddress>

export interface ModbusLink {
  readonly client: ModbusClient
  /** What was learnt of a machine is kept as long as the link and the machine's configuration live. */
  readonly plans: WeakMap<ModbusTarget, TargetPlan>
}

type Request = ReadRequest<ModbusTarget>

/**
 * Reads the points block after block. A refusal or a failure that the machine reports becomes a fault of the points it
 * concerns; the first time-out, lost connection or broken frame ends the read, so that a dead unit holds the bus once.
 */
export async function readTarget(link: ModbusLink, request: Request): Promise<Sample[]> {
  const plan = planOf(link, request.target)
  const samples: Sample[] = []
  for (const block of plan.blocksFor(request.points)) {
    samples.push(...(await readBlock(link, request, plan, block)))
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
  { client }: ModbusLink,
  { target, signal }: Request,
  { table, address, count }: { table: PlannedPoint['table']; address: number; count: number },
): Promise<Answer | BakewireError> {
  const place = { unitId: target.settings.unit_id, address, count, timeoutMs: target.timeoutMs, signal }
  try {
    return isBitTable(table)
      ? { bits: await client.readBits({ table, ...place }) }
      : { registers: await client.readRegisters({ table, ...place }) }
  } catch (error) {
    if (error instanceof BakewireError && (error.code === 'POINT_REFUSED' || error.code === 'DEVICE_BUSY')) return error
    throw error
  }
}

function sampleOf({ metric, table, address, format, bit }: PlannedPoint, answer: Answer, blockAddress: number): Sample {
  const start = address - blockAddress
  if ('bits' in answer) return { metric, value: answer.bits[start] ?? false, quality: 'good' }
  if (!format) return { metric, value: decodeBit(answer.registers, start, bit), quality: 'good' }
  const decoded = decodeNumber(answer.registers, start, format)
  if ('value' in decoded) return { metric, value: decoded.value, quality: 'good' }
  const { code, message } = decoded.fault
  return { metric, fault: { code, message: `${metric} at ${table} ${address}: ${message}` } }
}

function faulty(metric: string, { code, message }: BakewireError): Sample {
  return { metric, fault: { code, message } }
}
