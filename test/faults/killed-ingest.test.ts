import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startIngestRig } from './ingest-rig.ts'

/** The long form of `npm run test:faults`. */
const kills = process.env['FAULT_ROUNDS'] === undefined ? 30 : 300
/** The longest that one lives; it spools four times a second. */
const lifeMsMax = 900

let rig: Awaited<ReturnType<typeof startIngestRig>>
beforeAll(async () => {
  rig = await startIngestRig()
})
afterAll(() => rig.stop())

it(
  `what is spooled is stored once, whenever the process is killed: ${kills} times`,
  async () => {
    let slowestStartMs = 0
    const start = async () => {
      const startedAt = performance.now()
      const one = await rig.start()
      slowestStartMs = Math.max(slowestStartMs, performance.now() - startedAt)
      return one
    }
    for (let round = 0; round < kills; round += 1) {
      const one = await start()
      /** At another moment of its life each time. */
      const liveAndDie = async () => {
        await sleep(Math.random() * lifeMsMax)
        await one.kill()
      }
      // While nothing can be stored all of it lies in the spool, and the next one takes it over.
      if (round % 3 === 0) await rig.whileLocked(liveAndDie)
      else await liveAndDie()
    }
    const last = await start()
    await last.end()

    const { acknowledged, missing, doubled } = await rig.judge()
    const figures = { kills, acknowledged, missing: missing.length, slowestStartMs: Math.round(slowestStartMs) }
    process.stdout.write(`${JSON.stringify(figures)}\n`)
    expect(acknowledged).toBeGreaterThan(kills * 10)
    expect({ missing, doubled }).toEqual({ missing: [], doubled: [] })
  },
  60_000 + kills * 10_000,
)
