import { get, type IncomingMessage } from 'node:http'

/** Follows streams and counts readings; some readers stop reading after the first. Answers `count` with what each has. */
const [origin = '', key = '', idList = '', fleetCount = '0', machineCount = '0', idleCount = '0'] =
  process.argv.slice(2)
const ids = idList.split(',')
const headers = { authorization: `Bearer ${key}` }
const mark = Buffer.from('\ndata: {"equipment_id"')
const statusMark = Buffer.from('event: status')

const open = (path: string) =>
  new Promise<IncomingMessage>((resolve, reject) => {
    get(`${origin}/api/v1${path}`, { headers, agent: false }, resolve).once('error', reject)
  })

function counted(stream: IncomingMessage): () => number {
  let count = 0
  let rest = Buffer.alloc(0)
  stream
    .on('error', () => undefined)
    .on('data', (chunk: Buffer) => {
      const text = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
      const end = text.lastIndexOf('\n\n')
      const whole = text.subarray(0, end + 1)
      rest = Buffer.from(text.subarray(end + 1))
      count += occurrences(whole, mark) - occurrences(whole, statusMark)
    })
  return () => count
}

function occurrences(text: Buffer, what: Buffer): number {
  let count = 0
  for (let at = text.indexOf(what); at !== -1; at = text.indexOf(what, at + what.length)) count += 1
  return count
}

const fleet: (() => number)[] = []
const machines: (() => number)[] = []
for (let index = 0; index < Number(fleetCount); index += 1) fleet.push(counted(await open('/stream')))
for (let index = 0; index < Number(machineCount); index += 1) {
  machines.push(counted(await open(`/equipment/${ids[index % ids.length]}/stream`)))
}
for (let index = 0; index < Number(idleCount); index += 1) (await open('/stream')).on('error', () => undefined).pause()
process.on('message', () => {
  process.send?.({ fleet: fleet.map((count) => count()), machines: machines.map((count) => count()) })
})
process.send?.('open')
