export { type Clock, systemClock } from './clock.ts'
export { BakewireError, type ErrorCode, errorTable, type PathFault, type Remedy, toBakewireError } from './errors.ts'
export { createFold, type Fold, type Folded } from './fold-samples.ts'
export {
  expectedReadings,
  type Gap,
  type GapReason,
  gapMsMin,
  gapReasonOf,
  gapReasons,
  type IntervalInForce,
  isGap,
  missedReadings,
} from './gap.ts'
export { createJudgeQuality } from './judge-quality.ts'
export { limits } from './limits.ts'
export { momentsOf, offsetsOf } from './local-time.ts'
export { type Log, silentLog, withFields } from './log.ts'
export {
  type CanonicalMetric,
  canonicalMetricNames,
  canonicalMetrics,
  isCounter,
  type MetricPlace,
  placeOf,
  type Quantity,
  quantityOf,
} from './metric.ts'
export { findImplausibleBy, type Implausible } from './plausible.ts'
export {
  createPollTimes,
  faultOfCron,
  isTimezone,
  type PollCron,
  type PollTimes,
  servedEarlyMs,
  shortestWaitMs,
} from './poll-times.ts'
export { type GivenLimits, hasLimits, qualityLimits, type SensorLimits } from './quality-limits.ts'
export { countedWords, isCounted, isJudged, type QualityWord, valueWordNames } from './quality-words.ts'
export { asBackfilled, type Fault, isBackfilled, type Reading, type Sample } from './reading.ts'
export { shardCount, shardOf } from './shard.ts'
export { isOfSetClock, sourceTimeOf } from './source-time.ts'
export { convertIntoUnit, convertUnit, unitsOf } from './unit.ts'
export * from './words.ts'
