import type { Point } from '#connector'
import {
  type BitFormat,
  type Block,
  brokenSensorValues,
  type NumberFormat,
  planBlocks,
  type Span,
  type Table,
  type TextFormat,
} from '#protocol/modbus'
import { type ModbusAddress, spanOf } from './address.ts'
import type { ModbusTarget } from './settings.ts'

export interface PlannedPoint extends Span {
  readonly metric: string
  /** How registers are decoded; the tables of bits have nothing to decode. */
  readonly format: NumberFormat | BitFormat | TextFormat
}

type PlanSettings = Pick<ModbusTarget['settings'], 'max_registers' | 'max_gap' | 'forbidden'>

/** How the points of one machine are read in few requests, and what its refusals have taught so far. */
export interface TargetPlan {
  blocksFor(points: readonly Point<ModbusAddress>[]): readonly Block<PlannedPoint>[]
  /** A block was refused as a whole; `refused` are those of its points that were refused when read one by one. */
  learnRefusal(block: Block<PlannedPoint>, refused: ReadonlySet<PlannedPoint>): void
  /** A point that was refused before has been read. */
  forgetRefusal(point: PlannedPoint): void
}

export function planTarget(settings: PlanSettings): TargetPlan {
  const refusedPoints = new Set<PlannedPoint>()
  const alonePoints = new Set<PlannedPoint>()
  /** Gaps by which a block was refused. */
  const refusedGaps = new Set<string>()
  let lastPoints: readonly Point<ModbusAddress>[] = []
  let lastBlocks: readonly Block<PlannedPoint>[] | undefined

  const isForbidden = (table: Table, address: number) =>
    settings.forbidden.some((one) => one.table === table && one.address <= address && address < one.address + one.count)

  return {
    blocksFor(points) {
      if (lastBlocks && sameMembers(points, lastPoints)) return lastBlocks
      const refusedPlaces = new Set([...refusedPoints].flatMap(placesOf))
      lastPoints = points
      lastBlocks = planBlocks(points.map(plannedPoint), {
        maxRegisters: settings.max_registers,
        maxGap: settings.max_gap,
        isAlone: (point) => refusedPoints.has(point) || alonePoints.has(point),
        isForbidden: (table, address) =>
          isForbidden(table, address) ||
          refusedGaps.has(place(table, address)) ||
          refusedPlaces.has(place(table, address)),
      })
      return lastBlocks
    },

    learnRefusal(block, refused) {
      lastBlocks = undefined
      const gaps = gapsOf(block)
      if (refused.size > 0) for (const point of refused) refusedPoints.add(point)
      else if (gaps.length > 0) for (const gap of gaps) refusedGaps.add(gap)
      else for (const point of block.points) alonePoints.add(point)
    },

    forgetRefusal(point) {
      if (refusedPoints.delete(point)) lastBlocks = undefined
    },
  }
}

/** Machines of one make share the addresses of their points, and so what was planned for them. */
const planned = new WeakMap<ModbusAddress, PlannedPoint>()

/** Where a point stands and how it is decoded; the same for the same point. */
export function plannedPoint(point: Point<ModbusAddress>): PlannedPoint {
  const known = planned.get(point.address)
  if (known?.metric === point.metric) return known
  const made = { ...spanOf(point.address), metric: point.metric, format: formatOf(point) }
  planned.set(point.address, made)
  return made
}

function formatOf({ metric, address }: Point<ModbusAddress>): PlannedPoint['format'] {
  const { type = 'uint16', length = 1, bit = 0, bits, word_order: wordOrder, scale, offset } = address
  if (type === 'string') return { length, wordOrder }
  if (bits === undefined && (address.bit !== undefined || address.type === undefined)) return { bit, wordOrder }
  if (bits !== undefined) {
    return { type: 'uint16', bits: { first: bit, count: bits }, wordOrder, scale, offset, invalid: address.invalid }
  }
  const invalid = [...address.invalid, ...brokenSensorValues(metric, type)]
  return { type, wordOrder, scale, offset, invalid }
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
