import { type Reading, silentLog } from '#core'
import { openSpool, startIngest } from '#ingest'
import { createReadingWriter, openDatabase } from '#store'

/** What it tells: serial numbers of readings that are safe on disk, told after they are. */
export interface Acknowledged {
  readonly acknowledged: readonly number[]
}

/** A reading every 5 ms until it is killed, or until a message comes: then it stores what waits, and ends. */
const [url = '', directory = '', idList = '', firstSerial = '0'] = process.argv.slice(2)
const ids = idList.split(',')
const database = openDatabase(url, silentLog)
const ingest = startIngest({
  spool: openSpool({ directory, log: silentLog, onDropped: () => undefined }),
  writer: createReadingWriter(database.bulk),
  log: silentLog,
  onReadings: (readings) => {
    const acknowledged = readings.map(({ additional }) => Number(additional?.['serial']))
    process.send?.({ acknowledged } satisfies Acknowledged)
  },
})

let serial = Number(firstSerial)
const taking = setInterval(() => {
  serial += 1
  const reading: Reading = {
    equipmentId: ids[serial % ids.length] ?? '',
    readingTime: Date.now(),
    sourceTime: null,
    values: { temperature: 180 },
    zones: null,
    additional: { serial },
    quality: null,
  }
  ingest.accept(reading)
}, 5)

process.once('message', async () => {
  clearInterval(taking)
  await ingest.stop(30_000)
  await database.close()
  process.disconnect()
})
