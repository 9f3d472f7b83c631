import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { readOrMakeSecret, setUpDemo, startDemoBakery } from '#embedded'
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
  const bakery = await startDemoBakery(log)
  started.defer(() => bakery.stop())
  const app = await startApp(settings, log)
  started.defer(() => app.stop())
  const ids = await setUpDemo(bakery, async (method, url, payload) => {
    const answer = await app.inject({
      method,
      url,
      headers: { authorization: `Bearer ${adminKey}` },
      ...(payload ? { payload } : {}),
    })
    return { status: answer.statusCode, body: answer.json() }
  })
  const address = publicUrlOf(settings).publicUrl
  const api = `${address}/api/v1`
  const curl = `curl -s -H "Authorization: Bearer ${adminKey}"`
  print(`Bakewire is running at ${address} with ${ids.size} simulated machines. Stop with Ctrl-C; log: ${logFile}`)
  print(`API and docs:  ${address}/docs`)
  print(`Admin key:     ${adminKey}`)
  print('Try:')
  print(`  ${curl} ${api}/equipment`)
  print(`  ${curl} ${api}/equipment/${ids.get('Deck oven')}/realtime-data`)
  print(`  ${curl} ${api}/equipment/iot-alerts`)
  print(
    'Within two minutes the door of the cold room is left open too long: the last command then shows the alert and its link.',
  )
  const running = started.move()
  return { ...app, stop: () => running.disposeAsync() }
}
