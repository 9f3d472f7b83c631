import { BakewireError, type ReadRequest, type Sample } from '#connector'
import type { Block } from '#protocol/modbus'
import type { ModbusLink } from './link.ts'
import { type Answer, faulty, readSpan, sampleOf } from './read-span.ts'
import type { ModbusTarget } from './settings.ts'
import { type PlannedPoint, planTarget, type TargetPlan } from './target-plan.ts'

type Request = ReadRequest<ModbusTarget>

/**
 * Reads the points block after block. A refusal or a failure that the machine reports becomes a fault of the points it
 * concerns; the first time-out, lost connection or broken frame ends the read, so that a dead unit holds the bus once.
 */
export async function readTarget(link: ModbusLink, request: Request): Promise<Sample[]> {
  if (!request.target.settings.close_after_read) return readBlocks(link, request)
  try {
    return await readBlocks(link, request)
  } finally {
    await link.connection.end()
  }
}

async function readBlocks(link: ModbusLink, request: Request): Promise<Sample[]> {
  const plan = planOf(link, request.target)
  const samples: Sample[][] = []
  for (const block of plan.blocksFor(request.points)) {
    const answer = await readSpan(link, request, block)
    const isSplit = answer instanceof BakewireError && answer.code === 'POINT_REFUSED' && block.points.length > 1
    samples.push(isSplit ? await splitBlock(link, request, plan, block) : samplesOf(plan, block, answer))
  }
  return samples.length === 1 && samples[0] ? samples[0] : samples.flat()
}

function planOf(link: ModbusLink, target: ModbusTarget): TargetPlan {
  const known = link.plans.get(target)
  if (known) return known
  const made = planTarget(target.settings)
  link.plans.set(target, made)
  return made
}

function samplesOf(
  plan: TargetPlan,
  { points, address }: Block<PlannedPoint>,
  answer: Answer | BakewireError,
): Sample[] {
  if (answer instanceof BakewireError) return points.map(({ metric }) => faulty(metric, answer))
  const [first] = points
  if (points.length === 1 && first) plan.forgetRefusal(first)
  return points.map((point) => sampleOf(point, answer, address))
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
    const answer = await readSpan(link, request, point)
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
