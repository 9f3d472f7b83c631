import { SetupError } from '#embedded'
import { type App, startApp } from './app.ts'
import { copyToNewDatabase } from './copy-to-new-database.ts'
import { openLog } from './open-log.ts'
import { readSettings, SettingsError } from './settings.ts'

/** Longer than an orderly stop may take; then the process ends all the same. */
const stopTimeoutMs = 10_000

await main()

async function main(): Promise<void> {
  try {
    const [, , word] = process.argv
    if (word === 'demo') await runDemo()
    else if (word === 'copy-database') await copy()
    else await runService()
  } catch (error) {
    if (!(error instanceof SettingsError || error instanceof SetupError)) throw error
    console.error(error.message)
    process.exitCode = 1
  }
}

async function runService(): Promise<void> {
  const settings = readSettings()
  const log = openLog(settings.LOG_LEVEL)
  const app = await startApp(settings, log)
  stopOnSignals(app)
  log.info({ address: `http://${settings.HOST}:${app.port}` }, 'Bakewire is running')
  if (app.adminKey !== undefined) console.log(`Admin key, shown this once: ${app.adminKey}`)
}

async function copy(): Promise<void> {
  const settings = readSettings()
  await copyToNewDatabase(settings, openLog(settings.LOG_LEVEL))
}

/** Its simulated machines are imported with it: a service of its own does without them. */
async function runDemo(): Promise<void> {
  const demo = await import('./run-demo.ts')
  stopOnSignals(await demo.runDemo(console.log))
}

function stopOnSignals(app: App): void {
  let stopping = false
  const stop = () => {
    if (stopping) return
    stopping = true
    setTimeout(() => process.exit(1), stopTimeoutMs).unref()
    app.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error('Stopping failed:', error)
        process.exit(1)
      },
    )
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
  // The launcher holds a channel to us: when it is gone without a signal, nobody would stop us.
  process.on('disconnect', stop)
}
