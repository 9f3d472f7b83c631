import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt'
import { onTestFinished } from 'vitest'
import type { MadeCertificate } from '#protocol/tls'
import { freePort } from './free-port.ts'

/** Whether this machine has the Mosquitto broker; CI installs it. */
export const hasMosquitto: boolean = spawnSync('mosquitto', ['-h']).error === undefined

interface MosquittoOptions {
  /** Present: nobody may log in without. */
  readonly login?: { readonly username: string; readonly password: string }
  /** Present: TLS; with `needsClient` nobody may connect without a certificate of the authority. */
  readonly tls?: { readonly server: MadeCertificate; readonly authority: string; readonly needsClient: boolean }
}

/** A Mosquitto of a test's own, without persistence. Ends with the test. */
export interface TestMosquitto {
  readonly port: number
  /** Another program's client, as a machine would be. Ends with the test. */
  client(options?: IClientOptions): Promise<MqttClient>
  /** Ends it as a power cut would. */
  kill(): Promise<void>
  /** Starts it again on the same port. */
  start(): Promise<void>
}

export async function startMosquitto(options: MosquittoOptions = {}): Promise<TestMosquitto> {
  const folder = mkdtempSync(join(tmpdir(), 'bakewire-mosquitto-'))
  const port = await freePort()
  const file = join(folder, 'mosquitto.conf')
  writeFileSync(file, configuration(folder, port, options))
  let server: ChildProcess | undefined
  const start = async () => {
    server = spawn('mosquitto', ['-c', file], { stdio: 'ignore', cwd: folder })
    await listening(port)
  }
  const kill = async () => {
    if (!server || server.exitCode !== null || server.signalCode !== null) return
    const ended = once(server, 'exit')
    server.kill('SIGKILL')
    await ended
  }
  onTestFinished(async () => {
    await kill()
    rmSync(folder, { recursive: true, force: true })
  })
  await start()
  return {
    port,
    start,
    kill,
    async client(given = {}) {
      const client = await connectAsync(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 0, ...options.login, ...given })
      // A broker that is killed takes its clients along.
      client.on('error', () => undefined)
      onTestFinished(() => void client.end(true))
      return client
    },
  }
}

function configuration(folder: string, port: number, { login, tls }: MosquittoOptions): string {
  const lines = [`listener ${port} 127.0.0.1`, 'persistence false', `allow_anonymous ${login === undefined}`]
  // Started by root it would otherwise become a user who may not read the folder.
  if (process.getuid?.() === 0) lines.push('user root')
  if (login) {
    const file = join(folder, 'passwords')
    const made = spawnSync('mosquitto_passwd', ['-b', '-c', file, login.username, login.password])
    if (made.status !== 0) throw new Error('mosquitto_passwd failed')
    lines.push(`password_file ${file}`)
  }
  if (tls) {
    const put = (name: string, text: string) => {
      writeFileSync(join(folder, name), text)
      return join(folder, name)
    }
    lines.push(`certfile ${put('server.crt', tls.server.cert)}`, `keyfile ${put('server.key', tls.server.key)}`)
    if (tls.needsClient) lines.push(`cafile ${put('ca.crt', tls.authority)}`, 'require_certificate true')
  }
  return `${lines.join('\n')}\n`
}

async function listening(port: number): Promise<void> {
  const until = performance.now() + 30_000
  while (performance.now() < until) {
    const socket = connect({ port, host: '127.0.0.1' })
    const isThere = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    socket.destroy()
    if (isThere) return
    await sleep(20)
  }
  throw new Error(`Mosquitto does not listen on port ${port}`)
}
