import { setTimeout as sleep } from 'node:timers/promises'
import { request } from 'undici'
import { adminKey, startApi, startBeside } from './http/start-api.ts'
import { processUsage } from './poll/process-usage.ts'

/** `npm run bench history [rows]`: a day as JSON beside the bare statement; `rows` readings as a table at constant memory. */
const [rows = 10_000_000] = process.argv.slice(2).map(Number)
const dayRows = 8_640
const rounds = 20
const headers = { authorization: `Bearer ${adminKey}` }

const api = await startApi(2)
const bare = await startBeside<{ port: number }>('bare-history.ts', [api.url])
try {
  const [ofDay = '', ofAll = ''] = api.ids
  const dayStart = Date.parse('2026-11-20T00:00:00Z')
  await api.fill(ofDay, { rows: dayRows, start: new Date(dayStart), everySeconds: 10 })
  await asJson(ofDay, dayStart)

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
    bare: `http://127.0.0.1:${bare.said.port}/equipment/${id}/sensor-history?${span}`,
    ours: `${api.origin}/api/v1/equipment/${id}/sensor-history?${span}&limit=10000`,
  }
  const times: Record<string, number[]> = { bare: [], ours: [] }
  for (let round = -3; round < rounds; round += 1) {
    for (const [name, url] of Object.entries(urls)) {
      const startedAt = performance.now()
      const { body } = await request(url, { headers })
      const bytes = await body.arrayBuffer()
      const took = performance.now() - startedAt
      const { readings } = JSON.parse(Buffer.from(bytes).toString()) as { readings: unknown[] }
      if (readings.length !== dayRows) throw new Error(`${name} gave ${readings.length} rows`)
      if (round >= 0) times[name]?.push(took)
    }
  }
  const median = (list: number[] = []) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? 0
  const [ourMs, bareMs] = [median(times['ours']), median(times['bare'])]
  console.log(
    `${dayRows} rows as JSON: bare ${bareMs.toFixed(1)} ms, ours ${ourMs.toFixed(1)} ms: ${(ourMs / bareMs).toFixed(2)} ×`,
  )
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
