export { batchesInGoodTimes, type Ingest, startIngest } from './ingest.ts'
export { openSpool, type Spool } from './spool.ts'
