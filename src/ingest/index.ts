export { batchesInGoodTimes, type Ingest, startIngest } from './ingest.ts'
export { gapOfLoss } from './losses.ts'
export { openSpool, type Spool } from './spool.ts'
