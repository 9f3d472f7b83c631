import { join, resolve } from 'node:path'
import { chooseRunner } from './choose-runner.ts'
import { type Cluster, clusterUser, ensureCluster } from './cluster.ts'
import { stopClusterProcesses } from './cluster-processes.ts'
import { type FolderLock, lockFolder } from './folder-lock.ts'
import { isFree, keepPort, keptOrFreePort } from './loopback-port.ts'
import { preparePostgresBinaries } from './prepare-postgres-binaries.ts'
import { openServerLog, type ServerLog } from './server-log.ts'
import { type ServerProcess, startServerProcess } from './server-process.ts'
import type { ServerSettings } from './server-settings.ts'
import { SetupError } from './setup-error.ts'

export interface EmbeddedPostgresOptions {
  /** Holds the cluster, its password, port and log; made when missing. */
  readonly directory: string
  /** Told in a sentence what takes time or was out of order. */
  readonly log: (line: string) => void
  /** On 127.0.0.1. Without it the port of the last start, or a free one. */
  readonly port?: number
  /** Settings of the server that replace ours, by PostgreSQL's names. */
  readonly settings?: ServerSettings
}

/** A running server that takes connections on 127.0.0.1. */
export interface EmbeddedPostgres {
  /** With the superuser's name and password, of the database `postgres`. */
  readonly url: string
  readonly port: number
  readonly pid: number
  /** Ends the server within 7 s and gives the folder free. Safe to call twice. */
  stop(): Promise<void>
  /** Settles when the server is gone: with an error when it died by itself. Never rejects. */
  readonly exited: Promise<Error | undefined>
}

const host = '127.0.0.1'
/** A free port can be taken by somebody else before the server listens on it. */
const portAttempts = 3
/** How long an owner that was just killed may take to be gone. */
const dyingOwnerMs = 1_000

/**
 * Starts a PostgreSQL server that lives under `directory` and belongs to this process: it ends with
 * it, and what a killed process left is put in order first.
 *
 * @throws FolderInUseError when another living process runs it; SetupError otherwise.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const directory = resolve(options.directory)
  const lock = lockFolder(directory, { waitMs: dyingOwnerMs })
  try {
    const { cluster, start } = await prepare({ ...options, directory })
    await stopLeftovers(cluster, options.log)
    const serverLog = await openServerLog(directory, options.log)
    try {
      const { server, port } = await startOnPort({ ...options, directory, serverLog, start })
      return own({ cluster, server, port, serverLog, lock })
    } catch (error) {
      serverLog.close()
      throw error
    }
  } catch (error) {
    lock.release()
    throw error
  }
}

type Start = (port: number, serverLog: ServerLog) => Promise<ServerProcess>

/** Everything that does not depend on the port: the programs, the way to run them, the cluster. */
async function prepare({ directory, log, settings = {} }: EmbeddedPostgresOptions) {
  const binaries = await preparePostgresBinaries()
  const { postgres } = binaries
  const runner = await chooseRunner({ postgres, directory })
  const durability = settings['fsync'] === 'off' ? 'lost-on-power-failure' : 'kept'
  const cluster = await ensureCluster({ directory, binaries, runner, durability, log })
  const { dataDirectory } = cluster
  const start: Start = (port, serverLog) =>
    startServerProcess({ runner, postgres, dataDirectory, port, settings, serverLog })
  return { cluster, start }
}

/** We hold the lock, so that whoever started these processes is dead. */
async function stopLeftovers({ dataDirectory }: Cluster, log: (line: string) => void) {
  const count = await stopClusterProcesses(dataDirectory)
  if (count > 0) log('Stopped the embedded PostgreSQL that a killed process had left running.')
}

interface PortRequest extends EmbeddedPostgresOptions {
  readonly serverLog: ServerLog
  readonly start: Start
}

async function startOnPort({ directory, port: wanted, serverLog, start }: PortRequest) {
  const portFile = join(directory, 'port')
  for (let attempt = 1; ; attempt += 1) {
    const port = wanted ?? (await keptOrFreePort(portFile))
    if (await isFree(port)) {
      await keepPort(portFile, port)
      const server = await start(port, serverLog)
      const readiness = await server.ready()
      if (readiness.state === 'ready') return { server, port }
      const lastLines = await serverLog.tail()
      if (!lastLines.includes('Address already in use')) {
        throw new SetupError(`The embedded PostgreSQL did not start (${readiness.how}):\n${lastLines}`)
      }
    }
    if (wanted !== undefined || attempt === portAttempts) throw new SetupError(portTaken(port))
  }
}

function portTaken(port: number): string {
  return `Port ${port} of ${host} is taken by another program: stop it, or choose another port for the embedded PostgreSQL.`
}

interface Running {
  readonly cluster: Cluster
  readonly server: ServerProcess
  readonly port: number
  readonly serverLog: ServerLog
  readonly lock: FolderLock
}

function own({ cluster, server, port, serverLog, lock }: Running): EmbeddedPostgres {
  let stopping = false
  const exited = server.ended.then(async (how) => {
    const lastLines = stopping ? '' : await serverLog.tail()
    serverLog.close()
    lock.release()
    if (stopping) return undefined
    return new Error(`The embedded PostgreSQL ended by itself (${how}):\n${lastLines}`)
  })
  return {
    url: `postgres://${clusterUser}:${cluster.password}@${host}:${port}/postgres`,
    port,
    pid: server.pid,
    exited,
    async stop() {
      stopping = true
      await server.stop()
      await exited
    },
  }
}
