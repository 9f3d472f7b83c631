import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { accessSync, constants, existsSync } from 'node:fs'
import { vi } from 'vitest'
import { soon } from './soon.ts'

/** Pseudo-terminals stand for serial ports where socat is there and names below /dev can be made, as the system makes those of ports. */
export const hasSerialLine = spawnSync('socat', ['-V']).status === 0 && isWritable('/dev')

export interface SerialLine {
  /** The port of our side. */
  readonly path: string
  /** The other side, where it is a port too. */
  readonly farPath: string
  /** Pulls the cable out: both ports are gone. */
  stop(): Promise<void>
}

/** A line between two ports, or from one port to what listens on this TCP port of the loopback interface. */
export async function startSerialLine(
  to: { readonly tcpPort?: number; readonly path?: string } = {},
): Promise<SerialLine> {
  const name = nameOfLine()
  const { path = `/dev/tty${name}0` } = to
  const farPath = `/dev/tty${name}1`
  const far = to.tcpPort === undefined ? terminal(farPath) : `tcp:127.0.0.1:${to.tcpPort},nodelay`
  const socat = spawn('socat', [terminal(path), far], { stdio: 'ignore' })
  await vi.waitFor(() => {
    for (const wanted of to.tcpPort === undefined ? [path, farPath] : [path]) {
      if (!existsSync(wanted)) throw new Error(`there is no ${wanted} yet`)
    }
  }, soon)
  return { path, farPath, stop: () => ended(socat) }
}

/** Letters, as the names of ports have; many tests run at once. */
function nameOfLine(): string {
  return `Bake${Array.from({ length: 8 }, () => String.fromCharCode(randomInt(65, 91))).join('')}`
}

/** `wait-slave` is left out on purpose: the line is there before anybody opens it. A port that is closed stays for the next one. */
function terminal(path: string): string {
  return `pty,raw,echo=0,link=${path},ignoreeof`
}

function ended(process: ChildProcess): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  if (process.exitCode !== null || process.signalCode !== null) resolve()
  process.once('exit', () => resolve())
  process.kill()
  return promise
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK)
    return true
  } catch {
    return false
  }
}
