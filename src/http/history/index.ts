export { evenGrid, fitsDays, localGrid } from './bucket-grid.ts'
export { gridFor, parseWidth } from './bucket-width.ts'
export { chooseMetrics } from './choose-metrics.ts'
export { csvTable } from './csv.ts'
export {
  allBuckets,
  allReadings,
  type BucketSpan,
  bucketsPage,
  type HistorySpan,
  readingsPage,
} from './read-history.ts'
export { createSendExport, type SendExport } from './send-export.ts'
