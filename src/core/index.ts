export { type Clock, systemClock } from './clock.ts'
export { BakewireError, type ErrorCode, errorTable, type PathFault, type Remedy, toBakewireError } from './errors.ts'
export { createFold, type Fold, type Folded } from './fold-samples.ts'
export {
  expectedReadings,
  type Gap,
  type GapReason,
  gapReasonOf,
  gapReasons,
  type IntervalInForce,
  isGap,
  missedReadings,
} from './gap.ts'
export { limits } from './limits.ts'
export { type Log, silentLog, withFields } from './log.ts'
export {
  type CanonicalMetric,
  canonicalMetricNames,
  canonicalMetrics,
  type MetricPlace,
  placeOf,
  type Quantity,
  quantityOf,
} from './metric.ts'
export { type Implausible, implausibleValues } from './plausible.ts'
export { asBackfilled, type Fault, isBackfilled, type QualityWord, type Reading, type Sample } from './reading.ts'
export { shardCount, shardOf } from './shard.ts'
export { convertIntoUnit, convertUnit, unitsOf } from './unit.ts'
export * from './words.ts'
