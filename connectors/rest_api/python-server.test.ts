import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { kit, parseTarget } from '#connector'
import { silentLog, systemClock } from '#core'
import { makeCertificate } from '#protocol/tls'
import { plainDial } from '../../test/contract/plain-dial.ts'
import { createPassingMemory } from '../../test/setup/passing-memory.ts'
import { createPassingTrust } from '../../test/setup/passing-trust.ts'
import defineRest from './index.ts'

const script = join(import.meta.dirname, 'simulation/python-server.py')
const hasPython = spawnSync('python3', ['--version']).status === 0

const connector = defineRest(kit)
const { signal } = new AbortController()

describe.runIf(hasPython)("against Python's own HTTP server", () => {
  it('reads answers that end with their connection, one connection after the other', async () => {
    const read = await linkTo(await startMachine())
    expect([await read(), await read()]).toEqual([
      [181.5, 1, '/data'],
      [181.5, 2, '/data'],
    ])
  })

  it('logs in with a name and a password, and tells when they are wrong', async () => {
    const port = await startMachine()
    const settings = { data_endpoint: '/login/data' }
    const read = await linkTo(port, { settings, credentials: { username: 'baker', password: 'proof' } })
    expect(await read()).toEqual([181.5, 1, '/login/data'])
    const wrong = await linkTo(port, { settings, credentials: { username: 'baker', password: 'dough' } })
    await expect(wrong()).rejects.toMatchObject({ code: 'CREDENTIALS_REJECTED' })
  })

  it('tells of a path that is not there', async () => {
    const read = await linkTo(await startMachine(), { settings: { data_endpoint: '/nothing' } })
    expect(await read()).toEqual(['POINT_REFUSED', 'POINT_REFUSED', 'POINT_REFUSED'])
  })

  it('reads over TLS, and only from a machine whose certificate it may trust', async () => {
    const authority = makeCertificate({ name: 'Bakery' })
    const port = await startMachine(makeCertificate({ name: 'Oven', hosts: ['127.0.0.1'], issuer: authority }))
    const read = await linkTo(port, { scheme: 'https', settings: { ca: authority.cert } })
    expect(await read()).toEqual([181.5, 1, '/data'])
    const stranger = async () => (await linkTo(port, { scheme: 'https' }))()
    await expect(stranger()).rejects.toMatchObject({ code: 'CERTIFICATE_REJECTED' })
  })
})

/** Starts the server, over TLS where it gets a certificate; gives its port. */
async function startMachine(certificate?: { cert: string; key: string }): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'bakewire-python-'))
  const files = certificate ? ['cert', 'key'].map((name) => join(folder, name)) : []
  for (const [index, file] of files.entries()) {
    writeFileSync(file, (index === 0 ? certificate?.cert : certificate?.key) ?? '')
  }
  const server = spawn('python3', [script, ...files], { stdio: ['pipe', 'pipe', 'inherit'] })
  onTestFinished(async () => {
    server.stdin.end()
    await once(server, 'exit')
    rmSync(folder, { recursive: true })
  })
  const [said] = await once(server.stdout, 'data')
  return Number(String(said))
}

interface Given {
  readonly scheme?: 'http' | 'https'
  readonly settings?: object
  readonly credentials?: object
}

/** A link to it; each call reads the points once and gives their values. */
async function linkTo(port: number, { scheme = 'http', settings, credentials = {} }: Given = {}) {
  const target = parseTarget(connector, 'oven-1', {
    endpoint: `${scheme}://127.0.0.1`,
    port,
    credentials,
    additional_config: {
      data_endpoint: '/data',
      points: [
        { metric: 'temperature', pointer: '/temp' },
        { metric: 'additional.asked', pointer: '/asked' },
        { metric: 'additional.path', pointer: '/path' },
      ],
      ...settings,
    },
  })
  const link = await connector.open(target, {
    dial: plainDial().dial,
    signal,
    clock: systemClock,
    log: silentLog,
    memory: createPassingMemory(),
    trust: createPassingTrust(),
    lost: () => undefined,
    reached: () => undefined,
  })
  onTestFinished(async () => connector.close(link))
  return async () => {
    const samples = await connector.read?.(link, { target, points: target.points, signal })
    return samples?.map((sample) => ('value' in sample ? sample.value : sample.fault.code))
  }
}
