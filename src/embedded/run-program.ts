import { execFile } from 'node:child_process'

/** How the server's programs are started: words in front of the command, and an account of the system. */
export interface Runner {
  readonly prefix: readonly string[]
  readonly account?: { readonly uid: number; readonly gid: number }
}

export interface ProgramResult {
  /** Whether it could be started, ended in time and with exit code 0. */
  readonly ok: boolean
  /** Both output streams; for a failure without output the reason. */
  readonly output: string
}

/**
 * The whole environment of the server's programs on POSIX systems: settings of the caller's
 * (PGPORT, PGTZ, LC_ALL, a library path) must not change what the cluster is.
 */
const cleanEnvironment = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }

const maxOutputBytes = 1024 * 1024

/** What `spawn` needs beside the command. The working folder is one that every account can enter. */
export function spawnOptions(runner: Runner) {
  return {
    cwd: process.platform === 'win32' ? undefined : '/',
    env: process.platform === 'win32' ? undefined : cleanEnvironment,
    windowsHide: true,
    ...runner.account,
  }
}

/** The program and arguments that start `command` in the runner's way. */
export function commandLine(runner: Runner, command: readonly [string, ...string[]]) {
  const [file = command[0], ...args] = [...runner.prefix, ...command]
  return { file, args }
}

/** Runs a program to its end, at most `timeoutMs`. Never rejects. */
export function runProgram(
  runner: Runner,
  command: readonly [string, ...string[]],
  timeoutMs: number,
): Promise<ProgramResult> {
  const { file, args } = commandLine(runner, command)
  const options = {
    ...spawnOptions(runner),
    timeout: timeoutMs,
    maxBuffer: maxOutputBytes,
    killSignal: 'SIGKILL' as const,
  }
  return new Promise((resolve) => {
    execFile(file, args, options, (error, stdout, stderr) => {
      const reason = error === null ? '' : error.killed ? `no end after ${timeoutMs} ms` : ''
      const told = `${stdout}${stderr}${reason}`.trim()
      resolve({ ok: error === null, output: told === '' ? (error?.message ?? '') : told })
    })
  })
}
