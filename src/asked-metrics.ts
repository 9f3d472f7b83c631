import { Counter, Gauge, type Registry } from 'prom-client'

export type Labels = Readonly<Record<string, string>>
export type Sample = readonly [value: number, labels?: Labels]
interface AskedMetric {
  readonly name: string
  readonly help: string
  readonly labelNames?: readonly string[]
  /** What is known now; nothing where it cannot be told. Must not reject: the whole scrape would fail. */
  readonly ask: () => readonly Sample[] | Promise<readonly Sample[]>
}

/** Metrics that are asked for when Prometheus asks. What cannot be told then is left out. */
export function addAskedMetrics(
  registry: Registry,
  type: 'gauge' | 'counter',
  definitions: readonly AskedMetric[],
): void {
  for (const { name, help, labelNames = [], ask } of definitions) {
    const options = { registers: [registry], name, help, labelNames }
    if (type === 'gauge') {
      new Gauge({
        ...options,
        async collect() {
          const samples = await ask()
          this.reset()
          if (labelNames.length === 0 && samples.length === 0) this.remove()
          for (const [value, labels = {}] of samples) this.set(labels, value)
        },
      })
    } else {
      new Counter({
        ...options,
        async collect() {
          const samples = await ask()
          this.reset()
          for (const [value, labels = {}] of samples) this.inc(labels, value)
        },
      })
    }
  }
}

/** How many there are of each kind. */
export function tally<T extends Labels>(things: readonly T[]): Sample[] {
  const counts = new Map<string, { labels: T; count: number }>()
  for (const labels of things) {
    const key = Object.values(labels).join(' ')
    const entry = counts.get(key) ?? { labels, count: 0 }
    entry.count += 1
    counts.set(key, entry)
  }
  return [...counts.values()].map(({ labels, count }) => [count, labels])
}
