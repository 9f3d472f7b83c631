import { argv, stdout } from 'node:process'
import { silentLog, systemClock } from '#core'
import { connectQueue } from '#queue'
import { pollShard } from './poll-shard.ts'

// A process of its own for tests that kill or freeze it. Prints what it polls, one change a line.
const [place = '', instanceId = '', lockMs = '', stalledMs = '', tickMs = ''] = argv.slice(2)
const say = (change: string) => (shard: number) => void stdout.write(`${change} ${shard}\n`)

const backend = await connectQueue(JSON.parse(place), silentLog)
await pollShard(backend, {
  instanceId,
  clock: systemClock,
  log: silentLog,
  lockMs: Number(lockMs),
  stalledMs: Number(stalledMs),
  tickMs: Number(tickMs),
  onTaken: say('taken'),
  onAdopted: say('adopted'),
  onReleased: say('released'),
})
