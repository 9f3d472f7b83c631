import type { Point } from '#connector'
import { type Block, type NumberFormat, planBlocks, type Span, type Table } from '#protocol/modbus'
import { type ModbusAddress, spanOf } from './address.ts'

export interface PlannedPoint extends Span {
  readonly metric: string
  /** How a number is decoded; otherwise the point is a bit. */
  readonly format: NumberFormat | undefined
  /** Of a register. */
  readonly bit: number
}

export interface PlanSettings {
  readonly max_registers: number
  readonly max_gap: number
}

/** How the points of one machine are read in few requests, and what its refusals have taught so far. */
export interface TargetPlan {
  blocksFor(points: readonly Point<ModbusAddress>[]): readonly Block<PlannedPoint>[]
  /** A block was refused as a whole; `refused` are those of its points that were refused when read one by one. */
  learnRefusal(block: Block<PlannedPoint>, refused: ReadonlySet<PlannedPoint>): void
  /** A point that was refused before has been read. */
  forgetRefusal(point: PlannedPoint): void
}

export function planTarget(settings: PlanSettings): TargetPlan {
  const planned = new WeakMap<Point<ModbusAddress>, PlannedPoint>()
  const refusedPoints = new Set<PlannedPoint>()
  const alonePoints = new Set<PlannedPoint>()
  const forbidden = new Set<string>()
  let lastPoints: readonly Point<ModbusAddress>[] = []
  let lastBlocks: readonly Block<PlannedPoint>[] | undefined

  const plannedOf = (point: Point<ModbusAddress>): PlannedPoint => {
    const known = planned.get(point)
    if (known) return known
    const { type, bit, word_order: wordOrder, scale, offset, invalid } = point.address
    const format = type === undefined || bit !== undefined ? undefined : { type, wordOrder, scale, offset, invalid }
    const made = { ...spanOf(point.address), metric: point.metric, format, bit: bit ?? 0 }
    planned.set(point, made)
    return made
  }

  return {
    blocksFor(points) {
      if (lastBlocks && sameMembers(points, lastPoints)) return lastBlocks
      const refusedPlaces = new Set([...refusedPoints].flatMap(placesOf))
      lastPoints = points
      lastBlocks = planBlocks(points.map(plannedOf), {
        maxRegisters: settings.max_registers,
        maxGap: settings.max_gap,
        isAlone: (point) => refusedPoints.has(point) || alonePoints.has(point),
        isForbidden: (table, address) =>
          forbidden.has(place(table, address)) || refusedPlaces.has(place(table, address)),
      })
      return lastBlocks
    },

    learnRefusal(block, refused) {
      lastBlocks = undefined
      const gaps = gapsOf(block)
      if (refused.size > 0) for (const point of refused) refusedPoints.add(point)
      else if (gaps.length > 0) for (const gap of gaps) forbidden.add(gap)
      else for (const point of block.points) alonePoints.add(point)
    },

    forgetRefusal(point) {
      if (refusedPoints.delete(point)) lastBlocks = undefined
    },
  }
}

function sameMembers(left: readonly unknown[], right: readonly unknown[]): boolean {
  return left.length === right.length && left.every((member, index) => member === right[index])
}

const place = (table: Table, address: number): string => `${table} ${address}`

function placesOf({ table, address, count }: Span): string[] {
  return Array.from({ length: count }, (_, index) => place(table, address + index))
}

function gapsOf(block: Block<PlannedPoint>): string[] {
  const used = new Set(block.points.flatMap(placesOf))
  return placesOf(block).filter((one) => !used.has(one))
}
