// Runs every npm script: installs what is missing, finds a Node that runs TypeScript, starts the
// part that was asked for and stays in front of it. Plain JavaScript for the Node that people have.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const modules = join(root, 'node_modules')

const wantedNode = 24
/**
 * How V8 spends memory in a process that lives long. The first two in MiB: V8's own young generation grows the process by
 * tens of MiB for garbage of the imports alone; in one that is smaller than this, more readings are moved before they die, and
 * one that shrinks in quiet times is collected more often when they end. The
 * last: V8 otherwise lets the old generation of 1,000 machines grow from 60 MiB to 240 before it looks at it again.
 */
const serviceFlags = ['--min-semi-space-size=16', '--max-semi-space-size=16', '--heap-growing-percent=50']
const serviceEnvironment = {
  // Compiled once; the next time the compiler for TypeScript is not even loaded: 20 MiB less, and a faster start.
  NODE_COMPILE_CACHE: join(modules, '.cache', 'node'),
  // glibc otherwise keeps an arena of freed memory for each thread: 60 MiB with 1,000 machines.
  MALLOC_ARENA_MAX: '1',
  // Look-ups of host names take a thread each, for seconds when the name server is dead; files and the log need some, too.
  UV_THREADPOOL_SIZE: '16',
}
const vitestRun = ['run', '--config', 'test/vitest.config.ts', '--root', '.', '--project']

/** What each word runs; `needs` tells which dependencies have to be there. */
const commands = {
  start: { needs: 'service', run: (args) => service(['src/main.ts', ...args]) },
  demo: { needs: 'service', run: (args) => service(['src/main.ts', 'demo', ...args]) },
  'copy-database': { needs: 'service', run: (args) => service(['src/main.ts', 'copy-database', ...args]) },
  dev: { needs: 'everything', run: (args) => service(['--watch', 'src/main.ts', ...args]) },
  test: { needs: 'everything', run: tests },
  'test:faults': { needs: 'everything', run: (args) => tests(args, { project: 'faults' }) },
  update: { needs: 'everything', run: (args) => tests([...args, '-u']) },
  check: { needs: 'everything', run: check },
  bench: { needs: 'everything', run: bench },
  'new-connector': { needs: 'everything', run: newConnector },
  'test:connector': { needs: 'everything', run: testConnector },
}

/** A failure that its message explains in full. */
class Refusal extends Error {}

try {
  process.exitCode = await launch(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof Refusal)) throw error
  console.error(error.message)
  process.exitCode = 1
}

async function launch([word = '', ...args]) {
  if (!Object.hasOwn(commands, word)) {
    throw new Refusal(`Usage: node src/launch.mjs <${Object.keys(commands).join('|')}> [arguments]`)
  }
  const command = commands[word]
  process.chdir(root)
  const code = isInstalled(command.needs) ? 0 : await install(command.needs)
  return code === 0 ? command.run(args) : code
}

// Dependencies

/** Whether node_modules holds what package-lock.json names. */
function isInstalled(needs) {
  const lock = readText(join(root, 'package-lock.json'))
  const installed = readText(join(modules, '.package-lock.json'))
  if (lock === undefined) throw new Refusal('package-lock.json is missing: restore it from the repository.')
  if (installed === undefined) return false // npm writes it last, so an interrupted install has none.
  if (readText(stampFile()) === stamp(lock, needs)) return true
  const found = JSON.parse(installed).packages
  return Object.entries(JSON.parse(lock).packages).every(([path, wanted]) => {
    if (path === '') return true
    const present = found[path]
    if (present !== undefined) return present.version === wanted.version && present.integrity === wanted.integrity
    return wanted.optional || wanted.devOptional || (wanted.dev && needs === 'service')
  })
}

/** Gives 0, or the exit code of an install that was interrupted. */
async function install(needs) {
  const release = lockInstall()
  try {
    console.log('Installing dependencies (npm ci) …')
    const wanted = needs === 'everything' ? ['--include=dev'] : []
    const code = await runNpm(['ci', '--loglevel=error', '--no-audit', '--no-fund', ...wanted])
    if (code > 128) return code
    if (code !== 0) throw new Refusal('The dependencies could not be installed; npm says why above.')
    writeFileSync(stampFile(), stamp(readText(join(root, 'package-lock.json')), needs))
    return 0
  } finally {
    release()
  }
}

function runNpm(args) {
  const stdio = ['ignore', 'ignore', 'inherit']
  const script = process.env['npm_execpath'] ?? ''
  if (basename(script).startsWith('npm')) return run(process.execPath, [script, ...args], { stdio })
  const windows = process.platform === 'win32'
  return run(windows ? 'npm.cmd' : 'npm', args, { stdio, shell: windows })
}

/** Two installs in one folder would delete each other's files. */
function lockInstall() {
  const file = join(root, '.bakewire', 'install.lock')
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  for (;;) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' })
      return () => rmSync(file, { force: true })
    } catch (error) {
      if (error.code !== 'EEXIST') throw new Refusal(`Cannot write ${file}: ${error.message}.`)
      const owner = Number(readText(file))
      if (owner > 0 && isAlive(owner)) {
        throw new Refusal(
          `Process ${owner} is installing the dependencies: try again when it is done (or remove ${file}).`,
        )
      }
      rmSync(file, { force: true })
    }
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

function stampFile() {
  return join(modules, '.bakewire-installed')
}

function stamp(lock, needs) {
  return `${needs} ${createHash('sha256').update(lock).digest('hex')}\n`
}

function readText(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (error.code === 'ENOENT') return undefined
    throw new Refusal(`Cannot read ${file}: ${error.message}.`)
  }
}

// What runs

function service(args) {
  const env = { ...serviceEnvironment, ...environment() }
  return run(findNode(), [...serviceFlags, ...args], { env, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] })
}

/** Every test file, and every service that tests start, is a process that imports the same packages. */
function tests(args, { project = 'tests', ...settings } = {}) {
  const { NODE_COMPILE_CACHE } = serviceEnvironment
  return run(findNode(), [programOf('vitest', 'vitest'), ...vitestRun, project, ...args], {
    env: { NODE_COMPILE_CACHE, ...environment(), ...settings },
  })
}

/** Makes one that passes the contract suite, which also writes its README. */
async function newConnector([id = '', parent]) {
  const folder = parent === undefined ? join(root, 'connectors') : whereTheUserStands(parent)
  const code = await run(findNode(), ['test/contract/new-connector.ts', id, folder])
  return code === 0 ? testConnector([join(folder, id), '-u']) : code
}

/** The contract suite on one folder, which may lie anywhere: as it was given where the user stands. */
function testConnector([folder, ...args]) {
  if (folder === undefined) throw new Refusal('Usage: npm run test:connector -- <folder>')
  return tests(['test/contract/connectors.test.ts', ...args], { CONNECTOR_FOLDER: whereTheUserStands(folder) })
}

function whereTheUserStands(path) {
  return resolve(process.env['INIT_CWD'] ?? root, path)
}

function programOf(packageName, program) {
  const manifest = join(modules, packageName, 'package.json')
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8'))
  return join(dirname(manifest), typeof bin === 'string' ? bin : bin[program])
}

async function check() {
  const steps = [
    ['format and lint (Biome)', '@biomejs/biome', 'biome', ['check', '.']],
    ['types (tsc)', 'typescript', 'tsc', ['--noEmit']],
    ['dead code (knip)', 'knip', 'knip', []],
    ['architecture', 'vitest', 'vitest', [...vitestRun, 'tests', 'test/architecture.test.ts']],
  ].filter(([, packageName]) => existsSync(join(modules, packageName)))
  const failed = []
  for (const [title, packageName, program, args] of steps) {
    console.log(`Check: ${title} …`)
    const code = await run(findNode(), [programOf(packageName, program), ...args])
    if (code > 128) return code
    if (code !== 0) failed.push(title)
  }
  console.log(failed.length === 0 ? 'Check: all passed.' : `Check: failed: ${failed.join(', ')}.`)
  return failed.length === 0 ? 0 : 1
}

function bench([name, ...args]) {
  const folder = join(root, 'test', 'bench')
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.ts')) : []
  const names = files.map((file) => basename(file, '.ts'))
  if (names.includes(name)) return service([join('test', 'bench', `${name}.ts`), ...args])
  const known = names.join(', ') || '(none yet)'
  const unknown = name === undefined ? '' : `There is no benchmark ${name}. `
  throw new Refusal(`${unknown}Usage: npm run bench <name>, where name is one of: ${known}.`)
}

/** Our own Node when it is new enough, else the one that npm brought along. */
function findNode() {
  if (Number.parseInt(process.versions.node, 10) >= wantedNode) return process.execPath
  const windows = process.platform === 'win32'
  const packageName = `node-${windows ? 'win' : process.platform}-${process.arch}`
  const binary = join(modules, packageName, 'bin', windows ? 'node.exe' : 'node')
  if (existsSync(binary)) return binary
  throw new Refusal(
    `Bakewire needs Node ${wantedNode}; this is ${process.versions.node}, and npm has none for this system: install Node ${wantedNode} from https://nodejs.org.`,
  )
}

// One process in front of another

/**
 * Runs a program to its end and gives its exit code, 128 + n when signal n ended it.
 *
 * Signals that reach only us are passed on. Ctrl-C in a terminal reaches the program without us, and
 * npm repeats signals, so neither is passed on twice. With 'ipc' in `stdio` the program can notice
 * our death by its 'disconnect' event.
 */
function run(file, args, options = {}) {
  let child
  const passedOn = new Set()
  const passOn = (signal) => {
    if (passedOn.has(signal) || (signal !== 'SIGTERM' && isForeground())) return
    passedOn.add(signal)
    setTimeout(() => passedOn.delete(signal), 1_000).unref()
    child.kill(signal)
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  // Before there is a program to stop, or a signal in between would end us alone; it is passed on once there is one.
  for (const signal of signals) process.on(signal, passOn)
  child = spawn(file, args, { cwd: root, env: environment(), stdio: 'inherit', windowsHide: true, ...options })
  const orphaned = watchParent(() => passOn('SIGTERM'))
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new Refusal(`Cannot run ${file}: ${error.message}.`)))
    child.once('close', (code, signal) => resolve(code ?? 128 + constants.signals[signal]))
  }).finally(() => {
    for (const signal of signals) process.off(signal, passOn)
    clearInterval(orphaned)
  })
}

/**
 * npm puts a shell between itself and us, and some shells die of a signal without telling us.
 * Started by npm we end with our parent; started by hand we may outlive it, as with nohup.
 */
function watchParent(onGone) {
  const parent = process.ppid
  if (process.env['npm_lifecycle_event'] === undefined) return undefined
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    onGone()
  }, 250)
  return timer.unref()
}

/** Colours are for people: some tools write them into pipes and files too unless told. */
function environment() {
  const plain = !process.stdout.isTTY && process.env['FORCE_COLOR'] === undefined
  return plain ? { ...process.env, NO_COLOR: '1' } : process.env
}

/** Whether we are in the group of processes that the terminal's keys signal. */
function isForeground() {
  const status = process.platform === 'linux' ? readText('/proc/self/stat') : undefined
  if (status === undefined) return process.stdin.isTTY === true
  const [, , group, , , foregroundGroup] = status.slice(status.lastIndexOf(')') + 2).split(' ')
  return group === foregroundGroup
}
