import type { Sample } from '#connector'
import { convertUnit, type Fault, placeOf, type Quantity, sourceTimeOf } from '#core'
import { isRefusal } from './status-fault.ts'
import { type GivenVariant, nodeNumber, variantValue } from './variant-value.ts'

/** A DataValue as it was decoded. */
export interface GivenValue {
  readonly statusCode: { readonly name: string; readonly value: number }
  readonly value: GivenVariant | null
  readonly sourceTimestamp: Date | null
}

/** What a server says of a node beside its value. */
export interface NodeFacts {
  /** UCUM. */
  readonly unit?: string | undefined
  /** Of an enumeration, by number. */
  readonly words?: ReadonlyMap<number, string> | undefined
}

export interface OpcUaPoint {
  readonly metric: string
  readonly unit?: string
  readonly address: {
    /** Element of an array. */
    readonly index?: number | undefined
    /** Numbers that mean "no value", in the server's unit. */
    readonly invalid: readonly number[]
  }
  /**
   * Of a companion model: the unit (UCUM) where the server tells none; `alone`: what the server tells does not count; `node`: the
   * value is the id of a node, told as index of the namespace and number, `4;5006`.
   */
  readonly model?: { readonly unit: string | undefined } | 'alone' | 'node'
}

/** What a read says of one point. A unit that only the server knows is converted here, for the point does not tell it. */
export function sampleOf(point: OpcUaPoint, given: GivenValue, facts: NodeFacts): Sample {
  const { metric, address } = point
  const status = given.statusCode.name
  // The two highest bits (OPC 10000-4, 7.39.1): 00 good, 01 uncertain, 10 and 11 bad.
  const severity = (given.statusCode.value >>> 30) & 3
  if (severity >= 2) return faulty(metric, faultOf(status))
  if (given.value === null) return faulty(metric, { code: 'VALUE_INVALID', message: 'the server has no value' })
  const found = point.model === 'node' ? nodeNumber(given.value) : variantValue(given.value, address.index)
  if (typeof found === 'object') return faulty(metric, found)
  if (typeof found === 'number' && address.invalid.includes(found)) {
    return faulty(metric, { code: 'VALUE_INVALID', message: `${found} is configured to mean that there is no value` })
  }
  const sourceTime = sourceTimeOf(given.sourceTimestamp?.getTime() ?? Number.NaN)
  return {
    metric,
    value: typeof found === 'number' ? meant(found, point, facts) : found,
    quality: severity === 0 ? 'good' : 'uncertain',
    ...(severity === 0 ? {} : { doubt: `${metric}: the server doubts the value (${status})` }),
    ...(sourceTime === undefined ? {} : { sourceTime }),
  }
}

function faultOf(status: string): Fault {
  if (isRefusal(status)) return { code: 'POINT_REFUSED', message: `the server refuses it (${status})` }
  return { code: 'VALUE_INVALID', message: `the server has no usable value (${status})` }
}

function meant(number: number, { metric, unit }: OpcUaPoint, facts: NodeFacts): number | string {
  const word = facts.words?.get(number)
  const quantity = quantityOf(metric)
  if (quantity === undefined) return word ?? number
  if (unit !== undefined || facts.unit === undefined) return number
  const converted = convertUnit(number, facts.unit, quantity)
  return converted === undefined ? number : Math.round(converted * 1e9) / 1e9
}

/** What a number of this metric measures; undefined where the metric takes words. */
export function quantityOf(metric: string): Quantity | undefined {
  const place = placeOf(metric)
  if (place?.in === 'zone') return 'temperature'
  return place?.in === 'column' && place.metric.kind === 'number' ? place.metric.quantity : undefined
}

export function faulty(metric: string, { code, message }: Fault): Sample {
  return { metric, fault: { code, message: `${metric}: ${message}` } }
}
