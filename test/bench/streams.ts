import { once } from 'node:events'
import { constants, setPriority } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { adminKey, generateLoad, startApi, startBeside } from './http/start-api.ts'
import { processUsage } from './poll/process-usage.ts'

/**
 * `npm run bench streams [readers] [seconds]`: 1,000 readings a second told to many readers, some of which do not read.
 * What that takes from others is told by the same question to us and to a bare route, which tells nobody, in turns.
 * The readers are somewhere else in truth: here they have the lowest priority, for they share the cores.
 */
const [readers = 500, seconds = 600] = process.argv.slice(2).map(Number)
const machineCount = 1_000
const batches = 4
const steps = 10
const fleetReaders = Math.round(readers / 10)
const idleReaders = Math.round(readers / 50)

const api = await startApi(machineCount)
const bare = await startBeside<{ port: number }>('bare-server.ts', [api.url])
const pid = api.api.pid ?? 0
try {
  let written = 0
  let isWriting = true
  const writing = (async () => {
    const startedAt = Date.now()
    for (let tick = 0; isWriting; tick += 1) {
      await sleep(Math.max(0, startedAt + (tick * 1_000) / batches - Date.now()))
      written += await api.write(Date.now(), { part: tick % batches, of: batches })
    }
  })()

  const ask = async (origin: string, prefix: string, forSeconds: number) => {
    const given = [origin, prefix, adminKey, api.ids.join(','), 4, forSeconds, 50]
    const { p50, p99 } = await generateLoad<{ p50: number; p99: number }>(given)
    return `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`
  }
  const askMachines = async (forSeconds: number) => {
    const ours = await ask(api.origin, '/api/v1', forSeconds / 2)
    const beside = await ask(`http://127.0.0.1:${bare.said.port}`, '', forSeconds / 2)
    return `realtime-data at 50/s: ${ours}; bare: ${beside}`
  }
  await sleep(2_000)
  console.log(`without readers: ${memory()}; ${await askMachines(Math.max(20, seconds / steps))}`)

  const counts = [fleetReaders, readers - fleetReaders - idleReaders, idleReaders].map(String)
  const { child } = await startBeside('follow-streams.ts', [api.origin, adminKey, api.ids.join(','), ...counts])
  setPriority(child.pid ?? 0, constants.priority.PRIORITY_LOW)
  const writtenBefore = written
  const before = processUsage(pid).cpuSeconds
  const openAt = performance.now()
  console.log(
    `${readers} readers: ${fleetReaders} of the fleet, ${counts[1]} of one machine, ${idleReaders} that do not read`,
  )
  for (let step = 1; step <= steps; step += 1) {
    const asked = askMachines(Math.max(1, Math.floor(seconds / steps) - 1))
    await sleep((seconds / steps) * 1_000)
    console.log(`after ${((step * seconds) / steps).toFixed(0)} s: ${memory()}; ${await asked}`)
  }
  const cpu = (processUsage(pid).cpuSeconds - before) / ((performance.now() - openAt) / 1_000)
  isWriting = false
  await writing
  await sleep(2_000)
  child.send('count')
  const [{ fleet, machines }] = (await once(child, 'message')) as [{ fleet: number[]; machines: number[] }]
  console.log(
    `CPU ${(cpu * 100).toFixed(0)} % of a core; written meanwhile ${written - writtenBefore}; each of the fleet's readers was told ${Math.min(...fleet)} to ${Math.max(...fleet)}, each machine's ${Math.min(...machines)} to ${Math.max(...machines)}`,
  )
  console.log(await metric('bakewire_streams'))
  child.kill()
} finally {
  bare.child.kill()
  await api.stop()
}

function memory(): string {
  return `${processUsage(pid).rssMiB.toFixed(0)} MiB`
}

async function metric(name: string): Promise<string> {
  const response = await fetch(`${api.origin}/metrics`, { headers: { authorization: `Bearer ${adminKey}` } })
  const lines = (await response.text()).split('\n')
  return lines.filter((line) => line.startsWith(name)).join('; ')
}
