import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Log } from '#core'
import { makeEncryptionKeys, readOrMakeSecret } from '#embedded'
import type { KeyRing } from '#store'
import { keepPostgresRunning } from './keep-postgres-running.ts'
import { parseKeyRing, type Settings, SettingsError } from './settings.ts'

/** A database, and whether it is our own: nobody else uses that one. */
interface ProvidedDatabase {
  readonly url: string
  readonly isOurs: boolean
}

/** The database that was configured, or our own under the data folder, which is stopped with the app. */
export async function provideDatabase(
  settings: Settings,
  log: Log,
  started: AsyncDisposableStack,
): Promise<ProvidedDatabase> {
  if (settings.DATABASE_URL !== undefined) return { url: settings.DATABASE_URL, isOurs: false }
  const directory = join(settings.dataDir, 'postgres')
  const server = await keepPostgresRunning(directory, log)
  started.defer(() => server.stop())
  return { url: server.url, isOurs: true }
}

const keysFile = 'encryption-keys'

/** The encryption keys that were configured, or our own, made once. */
export function provideKeys(settings: Settings): KeyRing {
  if (settings.ENCRYPTION_KEYS !== undefined) return settings.ENCRYPTION_KEYS
  const file = join(settings.dataDir, keysFile)
  if (existsSync(join(settings.dataDir, 'postgres')) && !existsSync(file)) {
    throw new SettingsError(
      `${file} is missing, and the database beside it holds secrets that only it opens: restore it.`,
    )
  }
  return parseKeyRing(readOrMakeSecret(settings.dataDir, keysFile, makeEncryptionKeys).text, file)
}
