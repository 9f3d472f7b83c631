import { join } from 'node:path'
import type { Log } from '#core'
import { type DemoEquipment, type DemoPart, demoParts } from './demo-parts.ts'
import type { DemoServer } from './demo-server.ts'

/** A machine of the bakery, and where it is now. */
export interface DemoMachine {
  readonly equipment: DemoEquipment
  readonly address: DemoServer['address']
}

export interface DemoBakery {
  /** All machines, those too that are still being started. */
  readonly equipment: readonly DemoEquipment[]
  /** Those that are there at once. */
  readonly machines: readonly DemoMachine[]
  /** Starts those that take seconds, with everything else standing still meanwhile: wanted when the rest is up. */
  startSlowOnes(): Promise<readonly DemoMachine[]>
  stop(): Promise<void>
}

interface Running {
  readonly part: DemoPart
  readonly server: DemoServer
}

const tickMs = 500

/** Starts the machines and lets them live their day until stopped. `dataDir` keeps what they must not forget. */
export async function startDemoBakery(log: Log, dataDir: string): Promise<DemoBakery> {
  const startedAt = performance.now()
  const running: Running[] = []
  let living = Promise.resolve()
  let isStopped = false

  const start = async (parts: readonly DemoPart[]): Promise<DemoMachine[]> => {
    const started: Running[] = []
    for (const part of parts) {
      const server = await part.start(join(dataDir, 'demo'))
      if (isStopped) await server.stop()
      else started.push({ part, server })
    }
    running.push(...started)
    return started.flatMap(({ part, server: { address } }) =>
      part.equipment.map((equipment) => ({ equipment, address })),
    )
  }
  const live = async () => {
    const t = (performance.now() - startedAt) / 1000
    await Promise.all(running.map(({ server }) => server.live(t)))
  }
  const machines = await start(demoParts.filter(({ isSlow }) => !isSlow))
  const timer = setInterval(() => {
    living = living.then(live).catch((error: unknown) => log.warn({ err: error }, 'a demo machine stumbled'))
  }, tickMs)

  return {
    equipment: demoParts.flatMap(({ equipment }) => equipment),
    machines,
    startSlowOnes: () => start(demoParts.filter(({ isSlow }) => isSlow)),
    async stop() {
      isStopped = true
      clearInterval(timer)
      await living
      await Promise.all(running.map(({ server }) => server.stop()))
    },
  }
}
