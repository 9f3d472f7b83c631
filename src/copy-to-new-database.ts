import { join } from 'node:path'
import { BakewireError, type Log } from '#core'
import { copyDatabase, openDatabase } from '#store'
import { provideDatabase } from './provide.ts'
import { type Settings, SettingsError } from './settings.ts'
import { prove } from './stores.ts'

const migrations = join(import.meta.dirname, '../migrations')

/** Copies the database of these settings, our own where none is configured, to the new one that they name. */
export async function copyToNewDatabase(settings: Settings, log: Log): Promise<void> {
  if (settings.NEW_DATABASE_URL === undefined) throw new SettingsError('NEW_DATABASE_URL is needed: where to copy to.')
  await using started = new AsyncDisposableStack()
  const { url } = await provideDatabase(settings, log, started)
  const [from, to] = [openDatabase(url, log), openDatabase(settings.NEW_DATABASE_URL, log)]
  started.defer(() => to.close())
  started.defer(() => from.close())
  await prove('DATABASE_URL: the database cannot be used', from.bulk`select 1`)
  await prove('NEW_DATABASE_URL: the database cannot be used', to.bulk`select 1`)
  try {
    const backend = await copyDatabase({ from: from.bulk, to: to.bulk }, migrations, log)
    log.info({ backend }, 'the database is copied: let DATABASE_URL name the new one')
  } catch (error) {
    if (!(error instanceof BakewireError) || error.code !== 'CONFLICT') throw error
    throw new SettingsError(`Nothing was copied: ${error.message}.`)
  }
}
