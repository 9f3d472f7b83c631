import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { readOrMakeSecret } from '#embedded'
import { connectDemo, enterDemo, startDemoBakery } from '#embedded/demo'
import { type App, startApp } from './app.ts'
import { openLog } from './open-log.ts'
import { publicUrlOf, readDemoSettings } from './settings.ts'

/** Starts the service with a small simulated bakery beside it, enters its machines through the API, and says in a few lines how to look at it. */
export async function runDemo(print: (line: string) => void): Promise<App> {
  let adminKey = ''
  const settings = readDemoSettings((directory) => {
    adminKey = readOrMakeSecret(directory, 'admin-key', () => `bw_${randomBytes(32).toString('base64url')}`).text
    return adminKey
  })
  mkdirSync(settings.dataDir, { recursive: true, mode: 0o700 })
  const logFile = join(settings.dataDir, 'bakewire.log')
  const log = openLog(settings.LOG_LEVEL, logFile)
  await using started = new AsyncDisposableStack()
  const bakery = await startDemoBakery(log, settings.dataDir)
  started.defer(() => bakery.stop())
  const app = await startApp(settings, log)
  started.defer(() => app.stop())
  const call = async (method: 'GET' | 'POST', url: string, payload?: object) => {
    const headers = { authorization: `Bearer ${adminKey}` }
    const answer = await app.inject({ method, url, headers, ...(payload ? { payload } : {}) })
    return { status: answer.statusCode, body: answer.json() }
  }
  const ids = await enterDemo(bakery.equipment, call)
  await connectDemo(bakery.machines, ids, call)
  const address = publicUrlOf(settings).publicUrl
  const api = `${address}/api/v1`
  const curl = `curl -s -H "Authorization: Bearer ${adminKey}"`
  print(
    `Bakewire is running at ${address} with ${bakery.equipment.length} simulated machines. Stop with Ctrl-C; log: ${logFile}`,
  )
  print(`API and docs:  ${address}/docs`)
  print(`Admin key:     ${adminKey}`)
  print('Try:')
  print(`  ${curl} ${api}/equipment`)
  print(`  ${curl} ${api}/equipment/${ids.get('Deck oven')}/realtime-data`)
  print(`  ${curl} ${api}/equipment/iot-alerts`)
  print(
    'Within two minutes a combi steamer reports an error and the cold room is left open: the last command then shows the alerts and their links.',
  )
  void bakery
    .startSlowOnes()
    .then((machines) => connectDemo(machines, ids, call))
    .catch((error: unknown) => log.error({ err: error }, 'some machines of the demo could not be started'))
  const running = started.move()
  return { ...app, stop: () => running.disposeAsync() }
}
