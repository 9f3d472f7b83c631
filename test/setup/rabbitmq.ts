import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt'
import { onTestFinished } from 'vitest'
import { freePort } from './free-port.ts'

/** Debian's. The one in the path would become another user, with that user's folders. */
const program = '/usr/lib/rabbitmq/bin/rabbitmq-server'

/** Whether this machine has RabbitMQ; CI installs it. */
export const hasRabbitmq: boolean = existsSync(program)

/** Erlang takes its time: some 10 s on a quiet machine, 20 s on a busy one. */
export const rabbitmqStartMs = 180_000

/** A RabbitMQ of a test file's own, with its MQTT plug-in and one account. */
export interface TestRabbitmq {
  readonly port: number
  readonly login: { readonly username: string; readonly password: string }
  /** Another program's client, as a machine would be. Ends with the test. */
  client(options?: IClientOptions): Promise<MqttClient>
  stop(): Promise<void>
}

export async function startRabbitmq(): Promise<TestRabbitmq> {
  const folder = mkdtempSync(join(tmpdir(), 'bakewire-rabbitmq-'))
  const [port, distribution, names] = await Promise.all([freePort(), freePort(), freePort()])
  const login = { username: 'line 1', password: 'right' }
  const put = (name: string, lines: readonly string[]) => {
    writeFileSync(join(folder, name), `${lines.join('\n')}\n`)
    return join(folder, name)
  }
  const environment = {
    PATH: process.env['PATH'],
    HOME: folder,
    RABBITMQ_NODENAME: `bakewire-${port}@localhost`,
    RABBITMQ_DIST_PORT: String(distribution),
    // Erlang's own name server, which it starts and leaves behind.
    ERL_EPMD_PORT: String(names),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_MNESIA_BASE: join(folder, 'data'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_CONF_ENV_FILE: join(folder, 'none'),
    RABBITMQ_ENABLED_PLUGINS_FILE: put('enabled_plugins', ['[rabbitmq_mqtt].']),
    RABBITMQ_CONFIG_FILE: put('rabbitmq.conf', [
      'listeners.tcp = none',
      `mqtt.listeners.tcp.1 = 127.0.0.1:${port}`,
      'mqtt.allow_anonymous = false',
      // Else it takes spBv1.0 for two levels, as it does with every dot.
      'mqtt.sparkplug = true',
      `default_user = ${login.username}`,
      `default_pass = ${login.password}`,
    ]),
  }
  const server = spawn(program, { stdio: 'ignore', cwd: folder, env: environment })
  const stop = async () => {
    await ended(server)
    spawnSync('epmd', ['-port', String(names), '-kill'], { env: environment })
    rmSync(folder, { recursive: true, force: true })
  }
  const connect = (given: IClientOptions) =>
    connectAsync(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 0, ...login, ...given })
  const first = await takingLogins(() => connect({})).catch(async (error: unknown) => {
    await stop()
    throw error
  })
  await first.endAsync()
  return {
    port,
    login,
    stop,
    async client(given = {}) {
      const client = await connect(given)
      // A broker that throws a client out takes its connection along.
      client.on('error', () => undefined)
      onTestFinished(() => void client.end(true))
      return client
    },
  }
}

async function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  const exit = once(server, 'exit')
  server.kill('SIGTERM')
  await exit
}

/** It listens before it takes logins. */
async function takingLogins(connect: () => Promise<MqttClient>): Promise<MqttClient> {
  const until = performance.now() + rabbitmqStartMs - 10_000
  for (;;) {
    try {
      return await connect()
    } catch (error) {
      if (performance.now() > until) throw error
      await sleep(100)
    }
  }
}
