import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Reading, silentLog } from '#core'
import { openSpool, startIngest } from '#ingest'
import { createReadingWriter, openDatabase } from '#store'

/** What it tells: serial numbers of readings that it has spooled, and what it gave up. */
export interface Told {
  readonly acknowledged?: readonly number[]
  readonly dropped?: readonly {
    readonly equipmentId: string
    readonly from: number
    readonly to: number
    readonly readings: number
  }[]
}

/** What it is told: to fill the disk of the spool to the last byte, to free it, or to store what waits and to end. */
export type Order = 'fill' | 'free' | 'end'

/** A reading every 5 ms, with a text of so many bytes, until it is killed or ends. */
const [url = '', directory = '', idList = '', firstSerial = '0', textBytes = '0'] = process.argv.slice(2)
const ids = idList.split(',')
const database = openDatabase(url, silentLog)
const ingest = startIngest({
  spool: openSpool({ directory, log: silentLog, onDropped: (dropped) => tell({ dropped }) }),
  writer: createReadingWriter(database.bulk),
  log: silentLog,
  onReadings: (readings) => {
    tell({ acknowledged: readings.map(({ additional }) => Number(additional?.['serial'])) })
  },
})

function tell(told: Told): void {
  process.send?.(told)
}

const text = 'x'.repeat(Number(textBytes))
let serial = Number(firstSerial)
let readingTime = 0
const taking = setInterval(() => {
  serial += 1
  // Two in one millisecond would be one in the table.
  readingTime = Math.max(readingTime + 1, Date.now())
  const reading: Reading = {
    equipmentId: ids[serial % ids.length] ?? '',
    readingTime,
    sourceTime: null,
    values: { temperature: 180 },
    zones: null,
    additional: { serial, text },
    quality: null,
  }
  ingest.accept(reading)
}, 5)

const filler = join(directory, 'filler')
const orders: Record<Order, () => Promise<void> | void> = {
  fill() {
    for (let bytes = 1024 * 1024; bytes >= 512; bytes /= 2) {
      try {
        for (;;) writeFileSync(filler, Buffer.alloc(bytes), { flag: 'a' })
      } catch {
        // Less fits.
      }
    }
  },
  free: () => rmSync(filler),
  async end() {
    clearInterval(taking)
    // What was taken in the last quarter second is spooled, and told, before the end.
    await sleep(500)
    await ingest.stop(30_000)
    await database.close()
    process.disconnect()
  },
}
process.on('message', (order: Order) => orders[order]())
