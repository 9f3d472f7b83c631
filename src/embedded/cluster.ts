import { randomBytes } from 'node:crypto'
import { chown, mkdtemp, open, readdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PostgresBinaries } from './prepare-postgres-binaries.ts'
import { type Runner, runProgram } from './run-program.ts'
import { SetupError } from './setup-error.ts'

/** A PostgreSQL data folder (its real path) and the password of its superuser, {@link clusterUser}. */
export interface Cluster {
  readonly dataDirectory: string
  readonly password: string
}

export interface ClusterRequest {
  readonly directory: string
  readonly binaries: PostgresBinaries
  readonly runner: Runner
  /** `lost-on-power-failure` skips the flush to disk: for clusters that live as long as a test run. */
  readonly durability: 'kept' | 'lost-on-power-failure'
  readonly log: (line: string) => void
}

export const clusterUser = 'bakewire'

const initTimeoutMs = 120_000
const passwordBytes = 24
const draftPrefix = 'cluster-draft-'

/**
 * Opens the cluster below `directory`, making it at the first start. It is made under another name
 * and renamed when it is whole, so that a start killed in the middle leaves nothing half-done.
 * The caller holds the folder's lock.
 */
export async function ensureCluster(request: ClusterRequest): Promise<Cluster> {
  // Data and password lie in one folder, so that one rename makes both appear.
  const folder = join(request.directory, 'cluster')
  const entries = await readdir(request.directory)
  await Promise.all(
    entries.filter((name) => name.startsWith(draftPrefix)).map((name) => remove(join(request.directory, name))),
  )
  if (!entries.includes('cluster')) await makeCluster(request, folder)
  return {
    dataDirectory: await realpath(join(folder, 'data')),
    password: await readPassword(folder),
  }
}

async function makeCluster(request: ClusterRequest, folder: string): Promise<void> {
  request.log('Creating the embedded PostgreSQL database …')
  const draft = await mkdtemp(join(request.directory, draftPrefix))
  try {
    const passwordFile = join(draft, 'password')
    const password = randomBytes(passwordBytes).toString('base64url')
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600, flush: true })
    await giveTo(request.runner, [draft, passwordFile])
    await initialise(request, join(draft, 'data'), passwordFile)
    await rename(draft, folder)
    await flushFolder(request.directory)
  } catch (error) {
    await remove(draft)
    throw error
  }
}

async function initialise(request: ClusterRequest, data: string, passwordFile: string) {
  const result = await runProgram(
    request.runner,
    [
      request.binaries.initdb,
      `--pgdata=${data}`,
      `--username=${clusterUser}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--data-checksums',
      '--encoding=UTF8',
      // Sorting and case built into PostgreSQL: the same on every system, whatever locales it has.
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--locale=C',
      '--no-instructions',
      ...(request.durability === 'kept' ? [] : ['--no-sync']),
    ],
    initTimeoutMs,
  )
  if (result.ok) return
  throw new SetupError(`The embedded PostgreSQL database could not be created: ${lastLines(result.output)}`)
}

function lastLines(output: string): string {
  return output.split('\n').slice(-5).join('\n')
}

async function readPassword(folder: string): Promise<string> {
  const file = join(folder, 'password')
  try {
    return (await readFile(file, 'utf8')).trim()
  } catch (cause) {
    throw new SetupError(`The embedded database's password cannot be read from ${file}.`, { cause })
  }
}

async function giveTo({ account }: Runner, paths: readonly string[]): Promise<void> {
  if (account === undefined) return
  for (const path of paths) await chown(path, account.uid, account.gid)
}

async function remove(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
}

/** Makes the rename outlast a power failure. Windows cannot flush a folder and does not need to. */
async function flushFolder(directory: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(directory, 'r')
  await handle.sync()
  await handle.close()
}
