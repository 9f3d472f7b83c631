import { describe, expect, it } from 'vitest'
import { kit, type Point } from '#connector'
import { type ModbusAddress, modbusAddress } from './address.ts'
import { type PlannedPoint, planTarget, type TargetPlan } from './target-plan.ts'

const schema = modbusAddress(kit)
const point = (address: number): Point<ModbusAddress> => ({
  metric: `additional.p${address}`,
  address: schema.parse({ table: 'holding', address, type: 'int16' }),
})
const settings = { max_registers: 125, max_gap: 4, forbidden: [] }
const shape = (plan: TargetPlan, points: readonly Point<ModbusAddress>[]) =>
  plan.blocksFor(points).map(({ address, count }) => `${address}+${count}`)

/** Lets the block at this address be refused, and of its points those at `refusedAddresses`. */
function refuse(
  plan: TargetPlan,
  points: readonly Point<ModbusAddress>[],
  at: number,
  refusedAddresses: number[],
): PlannedPoint[] {
  const block = plan.blocksFor(points).find(({ address }) => address === at)
  if (!block) throw new Error(`no block at ${at}`)
  const refused = block.points.filter(({ address }) => refusedAddresses.includes(address))
  plan.learnRefusal(block, new Set(refused))
  return refused
}

describe('planTarget', () => {
  const points = [point(0), point(1), point(2), point(6)]

  it('joins points, and plans once for the same points', () => {
    const plan = planTarget(settings)
    expect(shape(plan, points)).toEqual(['0+7'])
    expect(plan.blocksFor([...points])).toBe(plan.blocksFor(points))
    expect(shape(plan, points.slice(1))).toEqual(['1+6'])
  })

  it('reads a refused point by itself and the others in blocks that do not touch it', () => {
    const plan = planTarget(settings)
    refuse(plan, points, 0, [1])
    expect(shape(plan, points)).toEqual(['0+1', '1+1', '2+5'])
  })

  it('does not read over a refused point that is at rest', () => {
    const plan = planTarget(settings)
    refuse(plan, points, 0, [1])
    expect(shape(plan, [point(0), point(2)])).toEqual(['0+1', '2+1'])
  })

  it('joins a refused point again once it has been read', () => {
    const plan = planTarget(settings)
    for (const refused of refuse(plan, points, 0, [1])) plan.forgetRefusal(refused)
    expect(shape(plan, points)).toEqual(['0+7'])
  })

  it('does not read over a gap when all points can be read by themselves', () => {
    const plan = planTarget(settings)
    refuse(plan, points, 0, [])
    expect(shape(plan, points)).toEqual(['0+3', '6+1'])
  })

  it('reads points by themselves when the machine refuses them together', () => {
    const plan = planTarget(settings)
    refuse(plan, points, 0, [])
    refuse(plan, points, 0, [])
    expect(shape(plan, points)).toEqual(['0+1', '1+1', '2+1', '6+1'])
  })

  it('neither reads over a forbidden register nor joins what lies around it', () => {
    const forbidden = [{ table: 'holding', address: 4, count: 2 } as const]
    expect(shape(planTarget({ ...settings, forbidden }), points)).toEqual(['0+3', '6+1'])
  })

  it('minds forbidden registers of the same table only', () => {
    const forbidden = [{ table: 'input', address: 4, count: 2 } as const]
    expect(shape(planTarget({ ...settings, forbidden }), points)).toEqual(['0+7'])
  })

  it('keeps to the largest block that the machine gives', () => {
    const plan = planTarget({ ...settings, max_registers: 50, max_gap: 50 })
    expect(shape(plan, [0, 20, 49, 50, 99, 100].map(point))).toEqual(['0+50', '50+50', '100+1'])
  })

  it('reads every point by itself where the machine takes no blocks', () => {
    expect(shape(planTarget({ ...settings, max_registers: 1 }), points)).toEqual(['0+1', '1+1', '2+1', '6+1'])
  })
})
