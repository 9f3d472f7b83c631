import { spawnSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startIngestRig } from './ingest-rig.ts'

/** Disks can be made by root only, in a name space of its own that nobody else sees. */
const canMount = spawnSync('unshare', ['-m', 'true']).status === 0
const mounted = 'mount -t tmpfs -o size=8m tmpfs "$0" && exec "$@"'
/** Two seconds of such readings fill the disk. */
const textBytes = 20_000
/** Memory holds what comes in sixteen seconds. */
const inTime = { timeout: 90_000, interval: 50 }

describe.runIf(canMount)('a spool on a disk of 8 MB', () => {
  let rig: Awaited<ReturnType<typeof startIngestRig>>
  beforeAll(async () => {
    rig = await startIngestRig()
  })
  afterAll(() => rig.stop())

  it('drops the oldest and tells which, takes all the others, and needs no restart', async () => {
    const moreDropped = async (least: number) => {
      const before = rig.droppedReadings()
      await vi.waitFor(() => expect(rig.droppedReadings()).toBeGreaterThan(before + least), inTime)
    }
    const { order, end } = await rig.start({ under: ['unshare', '-m', 'sh', '-c', mounted, rig.directory], textBytes })
    await rig.whileLocked(async () => {
      await moreDropped(300)
      order('fill')
      // Now in memory, which is bounded too.
      await moreDropped(200)
    })
    // With the disk still full what waits is stored, and what comes.
    const spooled = rig.acknowledged.length
    await vi.waitFor(() => expect(rig.acknowledged.length).toBeGreaterThan(spooled + 200), inTime)
    order('free')
    expect(await end()).toBe(0)

    const { acknowledged, missing, doubled } = await rig.judge()
    process.stdout.write(
      `${JSON.stringify({ acknowledged, missing: missing.length, dropped: rig.droppedReadings() })}\n`,
    )
    expect(doubled).toEqual([])
    expect(rig.droppedReadings()).toBe(missing.length)
    for (const machine of rig.byMachine(missing)) expect(machine.told).toBe(machine.missing)
  }, 400_000)
})
