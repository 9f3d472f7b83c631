import { setTimeout as sleep } from 'node:timers/promises'
import { request } from 'undici'
import { adminKey, startApi, startBeside } from './http/start-api.ts'
import { processUsage } from './poll/process-usage.ts'

/**
 * `npm run bench history [rows]`: a day as JSON beside the bare statement, a year in 500 points beside one of its roll-ups, the
 * newest values of 1,000 machines; `rows` readings as a table at constant memory.
 */
const [rows = 10_000_000] = process.argv.slice(2).map(Number)
const dayRows = 8_640
const rounds = 21
/** Until both sides have compiled what they need. */
const warmUps = 30
const headers = { authorization: `Bearer ${adminKey}` }

const api = await startApi(1_000)
const bare = await startBeside<{ port: number }>('bare-history.ts', [api.url])
const bareOrigin = `http://127.0.0.1:${bare.said.port}`
try {
  const [ofDay = '', ofAll = '', ofYear = ''] = api.ids
  const dayStart = Date.parse('2026-11-20T00:00:00Z')
  await api.fill(ofDay, { rows: dayRows, start: new Date(dayStart), everySeconds: 10 })
  await asJson(ofDay, dayStart)
  await yearInPoints(ofYear)
  await newestOfAll()

  const start = Date.parse('2026-08-01T00:00:00Z')
  await api.fill(ofAll, { rows, start: new Date(start), everySeconds: 1 })
  await asTable(ofAll, start)
} finally {
  bare.child.kill()
  await api.stop()
}

async function asJson(id: string, start: number): Promise<void> {
  const span = `start=${new Date(start).toISOString()}&end=${new Date(start + 86_400_000).toISOString()}`
  const urls = {
    bare: `${bareOrigin}/equipment/${id}/sensor-history?${span}`,
    ours: `${api.origin}/api/v1/equipment/${id}/sensor-history?${span}&limit=10000`,
  }
  const { bare, ours } = await inTurns(urls, dayRows)
  tell(`${dayRows} rows as JSON`, bare, ours)
}

/** A year of readings every ten seconds; of today the readings are there too, as of the days that retention keeps. */
async function yearInPoints(id: string): Promise<void> {
  const midnight = Math.floor(Date.now() / 86_400_000) * 86_400_000
  const begin = await api.fillYear(id, new Date(midnight))
  const rows = Math.floor((Date.now() - midnight) / 10_000)
  await api.fill(id, { rows, start: new Date(midnight), everySeconds: 10 })
  await api.fillRollups()
  const whole = `start=${begin.toISOString()}&end=${new Date(midnight).toISOString()}`
  const untilNow = `start=${new Date(begin.getTime() + 5_025_000).toISOString()}&end=${new Date().toISOString()}`
  const history = `${api.origin}/api/v1/equipment/${id}/sensor-history`
  const bare = `${bareOrigin}/equipment/${id}/rollups`
  const days = await inTurns({ bare: `${bare}?${whole}`, ours: `${history}?${whole}&points=500` }, 365)
  tell('a year in 500 points, whole days', days.bare, days.ours)
  const edges = await inTurns({ bare: `${bare}?${whole}`, ours: `${history}?${untilNow}&points=500` })
  tell(`the same with edges and ${rows} readings of today`, edges.bare, edges.ours)
}

/** Those of all machines: of ours on pages of 500, one after the other. */
async function newestOfAll(): Promise<void> {
  await api.write(Date.now() - 1_000)
  const times: number[] = []
  const { bare } = await inTurns({ bare: `${bareOrigin}/newest` })
  for (let round = -warmUps; round < rounds; round += 1) {
    const startedAt = performance.now()
    let found = 0
    for (let cursor: string | null = ''; cursor !== null; ) {
      const url = `${api.origin}/api/v1/realtime-data?limit=500${cursor && `&cursor=${cursor}`}`
      const page = (await (await request(url, { headers })).body.json()) as Page
      found += page.items.filter(({ temperature }) => temperature === 184.5).length
      cursor = page.next_cursor
    }
    if (found !== api.ids.length) throw new Error(`${found} machines have values`)
    if (round >= 0) times.push(performance.now() - startedAt)
  }
  tell(`newest values of ${api.ids.length} machines`, bare, median(times))
}

interface Page {
  readonly items: readonly { readonly temperature: number | null }[]
  readonly next_cursor: string | null
}

/** Medians, ms; `count`: how many readings an answer must have. */
async function inTurns<Name extends string>(urls: Record<Name, string>, count?: number): Promise<Record<Name, number>> {
  const times = new Map<Name, number[]>()
  for (let round = -warmUps; round < rounds; round += 1) {
    for (const [name, url] of Object.entries(urls) as [Name, string][]) {
      const startedAt = performance.now()
      const { body, statusCode } = await request(url, { headers })
      const bytes = await body.arrayBuffer()
      const took = performance.now() - startedAt
      if (statusCode !== 200) throw new Error(`${name} answered with ${statusCode}`)
      const { readings = [] } = JSON.parse(Buffer.from(bytes).toString()) as { readings?: unknown[] }
      if (count !== undefined && readings.length !== count) throw new Error(`${name} gave ${readings.length} rows`)
      if (round >= 0) times.set(name, [...(times.get(name) ?? []), took])
    }
  }
  return Object.fromEntries([...times].map(([name, list]) => [name, median(list)])) as Record<Name, number>
}

function median(list: readonly number[]): number {
  return list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? 0
}

function tell(what: string, bareMs: number, ourMs: number): void {
  console.log(`${what}: bare ${bareMs.toFixed(1)} ms, ours ${ourMs.toFixed(1)} ms: ${(ourMs / bareMs).toFixed(2)} ×`)
}

async function asTable(id: string, start: number): Promise<void> {
  const end = start + rows * 1_000
  const span = `start=${new Date(start).toISOString()}&end=${new Date(end).toISOString()}`
  const startedAt = performance.now()
  const { body, statusCode } = await request(`${api.origin}/api/v1/equipment/${id}/sensor-history?${span}&format=csv`, {
    headers,
    bodyTimeout: 0,
  })
  if (statusCode !== 200) throw new Error(`answered with ${statusCode}`)
  let bytes = 0
  let lines = 0
  let isReading = true
  const memory: number[] = []
  const watching = (async () => {
    while (isReading) {
      memory.push(processUsage(api.api.pid ?? 0).rssMiB)
      await sleep(500)
    }
  })()
  for await (const chunk of body) {
    bytes += chunk.length
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) lines += 1
  }
  isReading = false
  await watching
  const seconds = (performance.now() - startedAt) / 1_000
  if (lines !== rows + 1) throw new Error(`${lines} lines for ${rows} rows`)
  const at = (part: number) => memory[Math.floor((memory.length - 1) * part)]?.toFixed(0)
  console.log(
    `${rows} rows as CSV: ${seconds.toFixed(0)} s (${(rows / seconds).toFixed(0)} rows/s, ${(bytes / 2 ** 20).toFixed(0)} MiB); memory at the start ${at(0)}, after a tenth ${at(0.1)}, half ${at(0.5)}, at the end ${at(1)}, at most ${Math.max(...memory).toFixed(0)} MiB`,
  )
}
