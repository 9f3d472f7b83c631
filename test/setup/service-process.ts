import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, vi } from 'vitest'
import { freePort } from './free-port.ts'

const root = join(import.meta.dirname, '../..')

/** The service, or a role of it, in a process of its own. */
export interface ServiceProcess {
  readonly child: ChildProcess
  readonly origin: string
  /** Settles when it is ready; rejects when it is not within `timeoutMs`, by default 30 s. */
  ready(timeoutMs?: number): Promise<void>
  kill(signal: NodeJS.Signals): Promise<void>
}

/** `onOutput` is given what it writes to standard output and standard error, or it writes to the open file of that number; `args` stand behind the program's name. */
export async function startServiceProcess(
  settings: Readonly<Record<string, string>>,
  onOutput?: ((text: string) => void) | number,
  args: readonly string[] = [],
): Promise<ServiceProcess> {
  const port = await freePort()
  const child = spawn(process.execPath, ['src/main.ts', ...args], {
    cwd: root,
    env: { ...process.env, EGRESS_ALLOW: '127.0.0.0/8', LOG_LEVEL: 'error', ...settings, PORT: String(port) },
    stdio: stdioOf(onOutput),
  })
  for (const stream of [child.stdout, child.stderr])
    if (typeof onOutput === 'function') stream?.setEncoding('utf8').on('data', onOutput)
  const origin = `http://127.0.0.1:${port}`
  return {
    child,
    origin,
    ready: (timeoutMs = 30_000) =>
      vi.waitFor(async () => expect((await fetch(`${origin}/health/ready`)).status).toBe(200), {
        timeout: timeoutMs,
        interval: 50,
      }),
    async kill(signal) {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill(signal)
      await ended
    },
  }
}

function stdioOf(output: ((text: string) => void) | number | undefined): StdioOptions {
  if (typeof output === 'number') return ['ignore', output, output]
  return output ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'ignore', 'inherit']
}
