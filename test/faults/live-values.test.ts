import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { type OwnPostgres, startOwnPostgres } from '../setup/own-postgres.ts'
import { startServedFleet } from '../setup/served-fleet.ts'
import { soon } from '../setup/soon.ts'

// One process that polls and answers, and its database away.

const awayMs = 8_000

let server: OwnPostgres
let fleet: Awaited<ReturnType<typeof startServedFleet>>
beforeAll(async () => {
  server = await startOwnPostgres()
  fleet = await startServedFleet({ machines: 3, workers: 0, databaseUrl: server.url })
  await fleet.polled()
}, 300_000)
afterAll(async () => {
  await fleet.stop()
  await server.stop()
})

const outages: Record<string, () => Promise<() => unknown>> = {
  async killed() {
    await server.kill()
    return server.startAgain
  },
  async frozen() {
    server.signal('SIGSTOP')
    return () => server.signal('SIGCONT')
  },
}

const newestSchema = z.object({ stale: z.boolean(), additional: z.object({ serial: z.number() }) })

async function serialOf(index: number): Promise<number> {
  const response = await fleet.get(`/equipment/${fleet.machines[index]?.id}/realtime-data`)
  expect(response.status).toBe(200)
  const { stale, additional } = newestSchema.parse(await response.json())
  expect(stale).toBe(false)
  return additional.serial
}

it.each(Object.keys(outages))(
  'while the database is %s live values are told, also of machines that nobody has asked for yet',
  async (name) => {
    await vi.waitFor(() => serialOf(0), soon)
    const heal = await outages[name]?.()
    const endAt = performance.now() + awayMs
    const told: number[][] = []
    while (performance.now() < endAt) {
      told.push(await Promise.all(fleet.machines.map((_, index) => serialOf(index))))
      await sleep(200)
    }
    await heal?.()
    for (const index of fleet.machines.keys()) {
      const serials = told.map((one) => one[index] ?? 0)
      expect(serials).toEqual([...serials].sort((one, other) => one - other))
      // One a second.
      expect((serials.at(-1) ?? 0) - (serials[0] ?? 0)).toBeGreaterThan(1)
    }
    // A database that hangs is waited for once, not by every question.
    expect(told.length).toBeGreaterThan(awayMs / 1_000)
    await vi.waitFor(async () => expect((await fleet.judge()).missingAtMs).toEqual([]), { timeout: 60_000 })
  },
  120_000,
)
