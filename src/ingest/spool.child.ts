import { type Reading, silentLog } from '#core'
import { openSpool } from './spool.ts'

/** A process that spools three readings and then lives on until it is killed. */
const spool = openSpool({ directory: process.argv[2] ?? '', log: silentLog, now: () => 0, onDropped: () => undefined })
for (const readingTime of [1, 2, 3]) {
  const reading: Reading = {
    equipmentId: 'e',
    readingTime,
    sourceTime: null,
    values: {},
    zones: null,
    additional: null,
    quality: null,
  }
  spool.append([reading])
}
process.send?.('spooled')
setInterval(() => undefined, 1000)
