import { processUsage } from '../poll/process-usage.ts'

/** Ten values of a machine, by the metric that each feeds. */
export const metrics = ['temperature', 'humidity', 'power_kw', 'energy_consumption_kwh', 'target_temperature'].concat(
  ['a', 'b', 'c', 'd', 'e'].map((name) => `additional.${name}`),
)

/** One link that can be read; gives how many values it got. */
export interface Reader {
  read(): Promise<number>
}
export type OpenReader = (port: number) => Promise<Reader>

export interface Measured {
  readonly reads: number
  readonly cpuSeconds: number
}

/** Serves the benchmark: opens links, and reads them all for a time, each as fast as it answers or every `pauseMs`. */
export function serve(open: OpenReader): void {
  const readers: Reader[] = []
  process.on('message', async (asked: { open?: number[]; forMs?: number; pauseMs?: number }) => {
    if (asked.open) {
      for (const port of asked.open) readers.push(await open(port))
      for (const reader of readers) await reader.read()
      process.send?.(processUsage(process.pid).rssMiB)
    } else process.send?.(await measure(readers, asked.forMs ?? 0, asked.pauseMs ?? 0))
  })
  process.on('disconnect', () => process.exit(0))
  process.send?.('ready')
}

async function measure(readers: readonly Reader[], forMs: number, pauseMs: number): Promise<Measured> {
  const until = performance.now() + forMs
  const before = processUsage(process.pid).cpuSeconds
  let reads = 0
  const loop = async (reader: Reader) => {
    while (performance.now() < until) {
      const values = await reader.read()
      if (values !== metrics.length) throw new Error(`a read gave ${values} values`)
      reads += 1
      if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
  }
  await Promise.all(readers.map(loop))
  return { reads, cpuSeconds: processUsage(process.pid).cpuSeconds - before }
}
