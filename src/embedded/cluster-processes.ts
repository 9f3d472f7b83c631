import { execFile } from 'node:child_process'
import { readdir, readFile, readlink } from 'node:fs/promises'
import { basename } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { SetupError } from './setup-error.ts'

const pollEveryMs = 25

/** The orders in which a server is told to end, by milliseconds since the first. */
const stages = [
  { afterMs: 0, signal: 'SIGINT' }, // Fast shutdown: breaks connections, writes everything down.
  { afterMs: 3_000, signal: 'SIGQUIT' }, // Immediate: the next start recovers from the log.
  { afterMs: 5_000, signal: 'SIGKILL' },
] as const
const giveUpAfterMs = 7_000

/** The signal that is due so long after the first one. */
export function dueSignal(elapsedMs: number): 'SIGINT' | 'SIGQUIT' | 'SIGKILL' {
  return stages.findLast(({ afterMs }) => elapsedMs >= afterMs)?.signal ?? 'SIGINT'
}

/**
 * Ends every server process that works in `dataDirectory` (its real path): a running server, or
 * what a killed one left. Resolves with how many there were when all are gone, within 7 s.
 *
 * @throws SetupError naming the processes that outlived SIGKILL.
 */
export async function stopClusterProcesses(dataDirectory: string): Promise<number> {
  const startedAt = performance.now()
  const told = new Map<number, string>()
  for (;;) {
    const processes = await findClusterProcesses(dataDirectory)
    if (processes.length === 0) return told.size
    const elapsedMs = performance.now() - startedAt
    if (elapsedMs > giveUpAfterMs) {
      const pids = processes.map(({ pid }) => pid).join(', ')
      throw new SetupError(`PostgreSQL still runs in ${dataDirectory} and does not end: process ${pids}.`)
    }
    const signal = dueSignal(elapsedMs)
    for (const { pid } of signal === 'SIGKILL' ? processes : leaders(processes)) {
      if (told.get(pid) === signal) continue
      told.set(pid, signal)
      signalProcess(pid, signal)
    }
    await sleep(pollEveryMs)
  }
}

/** Sends a signal to a process that may be gone already. */
function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

interface ServerProcess {
  readonly pid: number
  readonly parentPid: number
}

/** A postmaster ends its children itself; children that lost theirs are told one by one. */
function leaders(processes: readonly ServerProcess[]): ServerProcess[] {
  const pids = new Set(processes.map(({ pid }) => pid))
  return processes.filter(({ parentPid }) => !pids.has(parentPid))
}

/** Server processes by what they are, never by a remembered pid, which may be another program's now. */
async function findClusterProcesses(dataDirectory: string): Promise<ServerProcess[]> {
  return process.platform === 'linux' ? findByWorkingFolder(dataDirectory) : findByCommandLine(dataDirectory)
}

/** Every process of a server works in its data folder, from the postmaster to the last backend. */
async function findByWorkingFolder(dataDirectory: string): Promise<ServerProcess[]> {
  const pids = (await readdir('/proc')).map(Number).filter(Number.isInteger)
  const found = await Promise.all(pids.map((pid) => inspect(pid, dataDirectory)))
  return found.filter((entry) => entry !== undefined)
}

async function inspect(pid: number, dataDirectory: string): Promise<ServerProcess | undefined> {
  try {
    if ((await readlink(`/proc/${pid}/cwd`)) !== dataDirectory) return undefined
    // The file may have been replaced by an update since: " (deleted)" follows the name then.
    const program = (await readlink(`/proc/${pid}/exe`)).replace(/ \(deleted\)$/, '')
    if (basename(program) !== 'postgres') return undefined
    // The name in parentheses may hold anything; after it come the state and the parent.
    const [, parent] = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ').at(-1)?.split(' ') ?? []
    return { pid, parentPid: Number(parent) }
  } catch {
    return undefined // Gone since the listing, or another user's, which cannot have our data open.
  }
}

const run = promisify(execFile)

/** Where there is no /proc: the postmaster, whose command line names the folder. */
async function findByCommandLine(dataDirectory: string): Promise<ServerProcess[]> {
  if (process.platform === 'win32') return []
  const { stdout } = await run('ps', ['-axww', '-o', 'pid=,ppid=,command='])
  return stdout.split('\n').flatMap((line) => {
    const [, pid, parentPid, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? []
    if (!command?.includes(`postgres -D ${dataDirectory} `)) return []
    return [{ pid: Number(pid), parentPid: Number(parentPid) }]
  })
}
