import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { startServedFleet } from '../setup/served-fleet.ts'
import { soon } from '../setup/soon.ts'

/** Debian's libfaketime, for x64: where it is not installed nobody's clock is turned. */
const library = '/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1'
const clockMs = process.env['FAULT_ROUNDS'] === undefined ? 4_000 : 60_000

let fleet: Awaited<ReturnType<typeof startServedFleet>>
const directory = mkdtempSync(join(tmpdir(), 'bakewire-clock-'))
const offset = join(directory, 'offset')
beforeAll(async () => {
  if (!existsSync(library)) return
  writeFileSync(offset, '+0')
  const settings = {
    LD_PRELOAD: library,
    FAKETIME_TIMESTAMP_FILE: offset,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  }
  fleet = await startServedFleet({ machines: 12, workers: 1, settings })
  await fleet.polled()
}, 300_000)
afterAll(async () => {
  await fleet?.stop()
  rmSync(directory, { recursive: true, force: true })
})

it.runIf(existsSync(library))(
  'clocks that leap an hour ahead, two back and home again, and over seconds that were read in already, cost no poll and no reading',
  async () => {
    const sinceMs = performance.now()
    for (const leap of ['+3600', '-3600', '+0', '-4', '-8']) {
      writeFileSync(offset, leap)
      await sleep(clockMs)
    }
    await vi.waitFor(async () => expect((await fleet.judge()).missingAtMs).toEqual([]), soon)
    await fleet.polled()
    const { doubled } = await fleet.judge()
    const pauseMs = Math.round(fleet.longestPauseMs(sinceMs))
    process.stdout.write(`${JSON.stringify({ pauseMs, doubled })}\n`)
    expect(doubled).toBe(0)
    // A poll is every second, and a busy machine may let one pass.
    expect(pauseMs).toBeLessThan(5_000)
  },
  120_000 + 5 * clockMs,
)
