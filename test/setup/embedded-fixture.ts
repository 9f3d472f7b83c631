import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { chown, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import postgres from 'postgres'
import { afterAll, onTestFinished } from 'vitest'
import { z } from 'zod'
import { type EmbeddedPostgres, type EmbeddedPostgresOptions, startEmbeddedPostgres } from '#embedded'

export interface Account {
  readonly uid: number
  readonly gid: number
}

const ownerProgram = fileURLToPath(new URL('./embedded-owner.ts', import.meta.url))
const ownerReport = z.object({ url: z.string(), port: z.number(), pid: z.number() })

/** A folder that is removed after the test, when its server has been stopped. */
export async function temporaryFolder(account?: Account): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bakewire-embedded-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
  if (account !== undefined) await chown(folder, account.uid, account.gid)
  return folder
}

/** A folder for all tests of a file, which saves making a cluster for each. Called outside of tests. */
export function sharedFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bakewire-embedded-'))
  afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
  return folder
}

/** An embedded server of this process that is stopped after the test. */
export async function startServer(
  options: Partial<EmbeddedPostgresOptions> & { readonly directory: string },
): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ log: () => undefined, ...options })
  onTestFinished(() => server.stop())
  return server
}

/** Another process that starts an embedded server; it is killed after the test. */
export function spawnOwner(directory: string, account?: Account) {
  const owner = spawn(process.execPath, [ownerProgram, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
    ...account,
  })
  onTestFinished(() => kill(owner))
  return owner
}

/** Another process whose embedded server takes connections. */
export async function startOwner(directory: string, account?: Account) {
  const owner = spawnOwner(directory, account)
  for await (const line of createInterface({ input: owner.stdout })) {
    const report: unknown = JSON.parse(line)
    const server = ownerReport.safeParse(report)
    if (!server.success) throw new Error(`The owner did not start: ${line}`)
    return { owner, server: server.data }
  }
  throw new Error('The owner ended without a word.')
}

export async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}

/** Whether the process does anything yet: one that only waits to be counted as dead does not. */
export function isRunning(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' })
  return stdout.trim() !== '' && !stdout.startsWith('Z')
}

/** Whether an account may read what a process of ours is made of. */
export async function canRead(account: Account, path: string): Promise<boolean> {
  return promisify(execFile)('test', ['-r', path], account).then(
    () => true,
    () => false,
  )
}

export async function query(url: string, statement: string): Promise<object[]> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined })
  try {
    return [...(await sql.unsafe(statement))]
  } finally {
    await sql.end({ timeout: 1 })
  }
}

/** The process of a backend that computes and looks at nothing else for longer than a test lasts. */
export async function startBusyQuery({ url }: Pick<EmbeddedPostgres, 'url'>): Promise<number> {
  const sql = postgres(url, { max: 1 })
  onTestFinished(() => sql.end({ timeout: 0 }))
  const [row] = await sql`select pg_backend_pid() as pid`
  const { pid } = z.object({ pid: z.number() }).parse(row)
  // Its failure is what the tests are about.
  sql`select count(*) from generate_series(1, 1000000000) a where a % 7 = 8`.catch(() => undefined)
  await waitFor(url, `select 1 from pg_stat_activity where pid = ${pid} and state = 'active'`)
  return pid
}

async function waitFor(url: string, statement: string): Promise<void> {
  for (let tries = 0; tries < 50; tries += 1) if ((await query(url, statement)).length > 0) return
  throw new Error(`Never came true: ${statement}`)
}

/** Listens on a port of 127.0.0.1 (0: a free one) until the test ends, or only to learn a free one. */
export async function occupy(port: number, then: 'and stay' | 'and leave' = 'and stay'): Promise<number> {
  const server = createServer().listen({ port, host: '127.0.0.1' })
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('The server has no port.')
  if (then === 'and stay') onTestFinished(() => void server.close())
  else await new Promise((closed) => server.close(closed))
  return address.port
}
