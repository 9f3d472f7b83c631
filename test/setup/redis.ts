import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { freePort } from './free-port.ts'

/** Whether this machine has a Redis server; CI installs one. */
export const hasRedis: boolean = spawnSync('redis-server', ['--version']).status === 0

/** A Redis of a test's own, in memory alone unless the options say otherwise. */
export interface TestRedis {
  readonly url: string
  readonly admin: Redis
  /** `SIGSTOP` and `SIGCONT`. */
  signal(name: NodeJS.Signals): void
  /** Ends it as a power cut would, for `downMs`, and starts it again on the same port: empty, unless the options keep a file. */
  restart(downMs?: number): Promise<void>
  stop(): Promise<void>
}

export async function startRedis(options: readonly string[] = []): Promise<TestRedis> {
  const port = await freePort()
  let server = spawnServer(port, options)
  const admin = new Redis({ port, host: '127.0.0.1', maxRetriesPerRequest: null, retryStrategy: () => 20 })
  admin.on('error', () => undefined)
  await admin.ping()
  const kill = async () => {
    const ended = once(server, 'exit')
    server.kill('SIGKILL')
    await ended
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    admin,
    signal: (name) => void server.kill(name),
    async restart(downMs = 0) {
      await kill()
      await sleep(downMs)
      server = spawnServer(port, options)
      await admin.ping()
    },
    async stop() {
      admin.disconnect()
      await kill()
    },
  }
}

function spawnServer(port: number, options: readonly string[]): ChildProcess {
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
  return spawn('redis-server', [...settings, ...options], { stdio: 'ignore', cwd: '/' })
}
