import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, expect, onTestFinished, test } from 'vitest'

/** Runs a command in a terminal of its own (util-linux). */
const script = '/usr/bin/script'

/** Tells what it was started with and which signals reach it; ends half a second after the first. */
const service = `
const end = (code) => setTimeout(() => process.exit(code), 500)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => { console.log(signal); end(0) })
process.once('disconnect', () => end(0))
process.on('exit', () => console.log('ended'))
const [word, code] = process.argv.slice(2)
if (word === 'exit') process.exit(Number(code))
if (word === 'die') process.kill(process.pid, 'SIGKILL')
console.log(JSON.stringify({ pid: process.pid, args: process.argv.slice(2), flags: process.execArgv }))
setInterval(() => undefined, 1000)
`

const serviceFlags = ['--min-semi-space-size=16', '--max-semi-space-size=16', '--heap-growing-percent=50']

describe('what runs', () => {
  test.each([
    ['start', [], serviceFlags],
    ['start', ['--port', '80'], serviceFlags],
    ['demo', [], serviceFlags],
  ])('%s %j', async (word, args, flags) => {
    const { report } = await startService(await project(), [word, ...args])
    expect(report).toMatchObject({ args: word === 'demo' ? ['demo', ...args] : args, flags })
  })

  test.each([
    ['exit 0', 0],
    ['exit 7', 7],
    ['die', 137],
  ])('a service that does "%s" gives exit code %i', async (words, code) => {
    expect((await launch(await project(), ['start', ...words.split(' ')])).code).toBe(code)
  })

  test.each([
    [
      [],
      'Usage: node src/launch.mjs <start|demo|copy-database|dev|test|test:faults|update|check|bench|new-connector|test:connector> [arguments]\n',
    ],
    [
      ['toString'],
      'Usage: node src/launch.mjs <start|demo|copy-database|dev|test|test:faults|update|check|bench|new-connector|test:connector> [arguments]\n',
    ],
    [['bench'], 'Usage: npm run bench <name>, where name is one of: (none yet).\n'],
    [['bench', 'x'], 'There is no benchmark x. Usage: npm run bench <name>, where name is one of: (none yet).\n'],
  ])('%j is explained', async (args, message) => {
    expect(await launch(await project(), args)).toEqual({ code: 1, output: message })
  })

  test('bench runs a file by its name, and names those that are there', async () => {
    const folder = await project()
    await mkdir(join(folder, 'test', 'bench'), { recursive: true })
    await writeFile(join(folder, 'test', 'bench', 'poll.ts'), 'console.log(process.argv[2])')
    expect(await launch(folder, ['bench', 'poll', 'fast'])).toEqual({ code: 0, output: 'fast\n' })
    expect((await launch(folder, ['bench', '../poll'])).output).toContain('one of: poll.')
  })
})

describe('signals', () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '%s to the launcher alone reaches the service once',
    async (signal) => {
      const { launcher, lines } = await startService(await project(), ['start'])
      launcher.kill(signal)
      launcher.kill(signal)
      expect(await once(launcher, 'exit')).toEqual([0, null])
      expect(await lines()).toEqual([signal, 'ended'])
    },
  )

  test.runIf(existsSync(script))('Ctrl-C in a terminal reaches the service once', async () => {
    const folder = await project()
    // Without exec some shells stay in between, and die of the key themselves.
    const command = `exec "${process.execPath}" src/launch.mjs start`
    const terminal = spawn(script, ['-qec', command, '/dev/null'], {
      cwd: folder,
      env: { ...process.env, SHELL: '/bin/sh' },
      stdio: 'pipe',
      detached: true,
    })
    onTestFinished(() => killGroup(terminal))
    let output = ''
    terminal.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (output === '') terminal.stdin.write('\u0003')
      output += text
    })
    expect(await once(terminal, 'close')).toEqual([0, null])
    expect(output.split(/\r?\n/).slice(1)).toEqual(['^CSIGINT', 'ended', ''])
  })

  test('the launcher that npm started ends with the shell between them', async () => {
    const folder = await project()
    const command = '"$0" src/launch.mjs start; true'
    const env = { ...process.env, npm_lifecycle_event: 'start' }
    const shell = spawn('/bin/sh', ['-c', command, process.execPath], {
      cwd: folder,
      env,
      stdio: 'pipe',
      detached: true,
    })
    onTestFinished(() => killGroup(shell))
    const lines: string[] = []
    for await (const line of createInterface({ input: shell.stdout })) {
      if (lines.push(line) === 1) shell.kill('SIGTERM')
    }
    expect(lines.slice(1)).toEqual(['SIGTERM', 'ended'])
  })

  test('the service notices a launcher that was killed', async () => {
    const { launcher, lines } = await startService(await project(), ['start'])
    launcher.kill('SIGKILL')
    expect(await lines()).toEqual(['ended'])
  })
})

describe('dependencies', () => {
  test('that are missing are installed with a line about it, once', async () => {
    const folder = await project('not installed')
    const first = await launch(folder, ['start', 'exit', '0'])
    expect(first).toEqual({ code: 0, output: 'Installing dependencies (npm ci) …\nended\n' })
    expect(await launch(folder, ['start', 'exit', '0'])).toEqual({ code: 0, output: 'ended\n' })
  })

  test('that fell behind the lock file are installed again', async () => {
    const folder = await project()
    const lockFile = join(folder, 'node_modules', '.package-lock.json')
    await writeFile(lockFile, (await readFile(lockFile, 'utf8')).replaceAll('1.0.0', '0.9.0'))
    expect((await launch(folder, ['start', 'exit', '0'])).output).toContain('Installing dependencies')
  })

  test('that only development needs are not missed by the service', async () => {
    const folder = await project()
    const lockFile = join(folder, 'package-lock.json')
    const extra = { 'node_modules/tool': { version: '1.0.0', dev: true } }
    const lock: unknown = JSON.parse(await readFile(lockFile, 'utf8'))
    await writeFile(
      lockFile,
      JSON.stringify(lock).replace('"node_modules/part":', `${JSON.stringify(extra).slice(1, -1)},$&`),
    )
    expect((await launch(folder, ['start', 'exit', '0'])).output).toBe('ended\n')
    expect((await launch(folder, ['bench'])).output).toContain('Installing dependencies')
  })

  test('that cannot be installed end it in a sentence', async () => {
    const folder = await project('not installed')
    await writeFile(join(folder, 'package.json'), manifest({ absent: 'file:absent' }))
    const { code, output } = await launch(folder, ['start'])
    expect(code).toBe(1)
    expect(output).toMatch(/The dependencies could not be installed; npm says why above\.\n$/)
    expect(output).not.toContain('launch.mjs')
  })

  test('are not installed twice at the same moment', async () => {
    const folder = await project('not installed')
    await mkdir(join(folder, '.bakewire'))
    const lockFile = join(folder, '.bakewire', 'install.lock')
    await writeFile(lockFile, String(process.pid))
    expect((await launch(folder, ['start'])).output).toBe(
      `Process ${process.pid} is installing the dependencies: try again when it is done (or remove ${lockFile}).\n`,
    )
    await writeFile(lockFile, '4194300')
    expect((await launch(folder, ['start', 'exit', '0'])).code).toBe(0)
  })
})

function manifest(dependencies: Record<string, string>): string {
  return JSON.stringify({ name: 'bakery', version: '1.0.0', type: 'module', dependencies })
}

/** A project with the launcher, a service and one dependency that needs no network, in a path with a space. */
async function project(state: 'installed' | 'not installed' = 'installed'): Promise<string> {
  const folder = join(await mkdtemp(join(tmpdir(), 'bakewire-launch-')), 'a bäkery')
  onTestFinished(() => rm(join(folder, '..'), { recursive: true, force: true }))
  await mkdir(join(folder, 'src'), { recursive: true })
  await mkdir(join(folder, 'part'))
  await copyFile(new URL('./launch.mjs', import.meta.url), join(folder, 'src', 'launch.mjs'))
  await writeFile(join(folder, 'src', 'main.ts'), service)
  await writeFile(join(folder, 'package.json'), manifest({ part: 'file:part' }))
  await writeFile(join(folder, 'part', 'package.json'), JSON.stringify({ name: 'part', version: '1.0.0' }))
  const part = { 'node_modules/part': { resolved: 'part', link: true }, part: { version: '1.0.0' } }
  const root = { name: 'bakery', version: '1.0.0', dependencies: { part: 'file:part' } }
  await writeFile(join(folder, 'package-lock.json'), lock({ '': root, ...part }))
  if (state === 'installed') {
    await mkdir(join(folder, 'node_modules'))
    await writeFile(join(folder, 'node_modules', '.package-lock.json'), lock(part))
  }
  return folder
}

function lock(packages: object): string {
  return JSON.stringify({ name: 'bakery', version: '1.0.0', lockfileVersion: 3, requires: true, packages })
}

function spawnLauncher(folder: string, args: readonly string[]) {
  const { npm_lifecycle_event: _, ...env } = process.env
  const launcher = spawn(process.execPath, [join(folder, 'src', 'launch.mjs'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env,
    detached: true,
  })
  onTestFinished(() => killGroup(launcher))
  return launcher
}

/** The whole of a run: its exit code and what it wrote to both streams. */
async function launch(folder: string, args: readonly string[]) {
  const launcher = spawnLauncher(folder, args)
  let output = ''
  for (const stream of [launcher.stdout, launcher.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  const [code]: unknown[] = await once(launcher, 'close')
  return { code, output }
}

/** A launcher whose service runs, with what the service said first and the lines it says later. */
async function startService(folder: string, args: readonly string[]) {
  const launcher = spawnLauncher(folder, args)
  const reader = createInterface({ input: launcher.stdout })[Symbol.asyncIterator]()
  const first = await reader.next()
  const report: unknown = JSON.parse(first.value ?? '""')
  const lines = async () => {
    const rest: string[] = []
    for (let line = await reader.next(); line.done !== true; line = await reader.next()) rest.push(line.value)
    return rest
  }
  return { launcher, report, lines }
}

function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch {
    // It ended by itself.
  }
}

test('npm hands arguments on', async () => {
  const root = join(import.meta.dirname, '..')
  const npm = spawn('npm', ['run', '--silent', 'bench', 'nothing-of-this-name'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  npm.stderr.on('data', (chunk) => {
    said += chunk
  })
  await once(npm, 'close')
  expect(said).toContain('There is no benchmark nothing-of-this-name.')
})
