import { spawn } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { stopClusterProcesses } from './cluster-processes.ts'
import { commandLine, type Runner, spawnOptions } from './run-program.ts'
import type { ServerLog } from './server-log.ts'
import { type ServerSettings, serverArguments } from './server-settings.ts'

export interface ServerRequest {
  readonly runner: Runner
  /** The program. */
  readonly postgres: string
  readonly dataDirectory: string
  readonly port: number
  readonly settings: ServerSettings
  readonly serverLog: ServerLog
}

/** Whether it takes connections, or how it ended before it did. */
export type Readiness = { readonly state: 'ready' } | { readonly state: 'ended'; readonly how: string }

/** One run of the server, from its start to its end. */
export interface ServerProcess {
  readonly pid: number
  /** How it ended, in words. Never rejects. */
  readonly ended: Promise<string>
  /** Resolves when it is known, within two minutes. */
  ready(): Promise<Readiness>
  /** Resolves when neither it nor a part of it runs any more, within 7 s. */
  stop(): Promise<void>
}

const pollEveryMs = 10
/** A start after a crash replays at most `max_wal_size` of log; this is far beyond. */
const readyTimeoutMs = 120_000

/** Starts the server. @throws Error when the program cannot be started at all. */
export async function startServerProcess(request: ServerRequest): Promise<ServerProcess> {
  const { dataDirectory, serverLog } = request
  const statusFile = join(dataDirectory, 'postmaster.pid')
  // No server runs here, but the file may name a pid that is another program's now. On Windows the
  // server has to judge that, because there we cannot tell whether one runs.
  if (process.platform !== 'win32') await rm(statusFile, { force: true })
  const { file, args } = commandLine(request.runner, [
    request.postgres,
    ...serverArguments(dataDirectory, request.port, request.settings),
  ])
  const child = spawn(file, args, {
    ...spawnOptions(request.runner),
    // A session of its own: Ctrl-C in the terminal reaches us, and we stop it in order.
    detached: true,
    stdio: ['ignore', serverLog.descriptor, serverLog.descriptor],
  })
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`))
  })
  const pid = await new Promise<number>((resolve, reject) => {
    child.once('spawn', () => resolve(child.pid ?? 0))
    child.on('error', reject)
  })
  const isRunning = () => child.exitCode === null && child.signalCode === null
  return {
    pid,
    ended,
    async ready() {
      const deadline = performance.now() + readyTimeoutMs
      while (isRunning()) {
        if (await saysReady(statusFile, pid)) return { state: 'ready' }
        if (performance.now() > deadline) {
          await stopServer()
          return { state: 'ended', how: `not ready after ${readyTimeoutMs / 1000} s` }
        }
        await sleep(pollEveryMs)
      }
      return { state: 'ended', how: await ended }
    },
    stop: stopServer,
  }

  async function stopServer(): Promise<void> {
    if (!isRunning()) return
    const found = await stopClusterProcesses(dataDirectory)
    // It has not entered its folder yet, or the system does not tell who works where.
    if (found === 0) child.kill('SIGKILL')
    await ended
  }
}

/** The postmaster writes its state into the eighth line. */
async function saysReady(statusFile: string, pid: number): Promise<boolean> {
  try {
    const lines = (await readFile(statusFile, 'utf8')).split('\n')
    return Number(lines[0]) === pid && lines[7]?.trim() === 'ready'
  } catch {
    return false // Not written yet.
  }
}
