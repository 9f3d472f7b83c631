import { execFileSync, spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startIngestRig } from './ingest-rig.ts'

/** The kernel's answers can be changed only where one process may trace another. */
const canTrace = spawnSync('strace', ['-f', '--seccomp-bpf', '-o', '/dev/null', 'true']).status === 0
/** `-D`: the traced process is our child, and its tracer is not. The first files fail at each flush, later ones at none. */
const trace = ['-D', '-f', '--seccomp-bpf', '-o', '/dev/null', '-e', 'trace=fsync,fdatasync']
const fail = ['-e', 'inject=fsync,fdatasync:error=EIO:when=14..30']
/** A megabyte in a quarter of a second: each batch is flushed. */
const textBytes = 20_000
const inTime = { timeout: 90_000, interval: 50 }

describe.runIf(canTrace)('a spool on a disk that fails', () => {
  let rig: Awaited<ReturnType<typeof startIngestRig>>
  beforeAll(async () => {
    rig = await startIngestRig()
  })
  afterAll(() => rig.stop())

  const filesNamed = (end: string) => readdirSync(rig.directory).filter((name) => name.endsWith(end))
  const moreSpooled = async (least: number) => {
    const before = rig.acknowledged.length
    await vi.waitFor(() => expect(rig.acknowledged.length).toBeGreaterThan(before + least), inTime)
  }

  it('takes another file, waits in memory while none can be opened, and loses nothing it does not tell', async () => {
    const { child, end } = await rig.start({ under: ['strace', ...trace, ...fail], textBytes })
    const openFilesMax = (most: string) => execFileSync('prlimit', ['--pid', String(child.pid), `--nofile=${most}`])
    await rig.whileLocked(async () => {
      await vi.waitFor(() => expect(filesNamed('.damaged').length).toBeGreaterThan(0), inTime)
      openFilesMax('3:')
      await moreSpooled(600)
      openFilesMax('1024:')
      await moreSpooled(600)
    })
    expect(await end()).toBe(0)

    const { acknowledged, missing, doubled } = await rig.judge()
    const files = { damaged: filesNamed('.damaged').length, left: filesNamed('.sqlite').length }
    const figures = { acknowledged, missing: missing.length, dropped: rig.droppedReadings(), ...files }
    process.stdout.write(`${JSON.stringify(figures)}\n`)
    expect(doubled).toEqual([])
    expect(rig.droppedReadings()).toBe(missing.length)
    expect(files.left).toBe(1)
  }, 400_000)
})
