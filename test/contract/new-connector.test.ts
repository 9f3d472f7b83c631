import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it, onTestFinished } from 'vitest'
import { loadRegistry, parseTarget } from '#connector'
import { partsKit } from '#protocol/parts'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../..')

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'bakewire-made-'))
  onTestFinished(() => rm(made, { recursive: true }))
  return made
}
const make = (id: string, parent: string) =>
  run(process.execPath, [join(import.meta.dirname, 'new-connector.ts'), id, parent], { cwd: root })

it('makes a connector that is loaded under its own name and reads without points', async () => {
  const parent = await folder()
  expect((await make('bun_works', parent)).stdout).toContain('npm run test:connector -- ')
  const { connectors } = await loadRegistry([parent], partsKit)
  expect(connectors.map(({ id, title }) => [id, title])).toEqual([['bun_works', 'Bun works']])
  const [connector] = connectors
  if (!connector) throw new Error('there is none')
  const target = parseTarget(connector, 'm', { endpoint: 'http://10.0.4.17' })
  expect(target.points.map(({ metric }) => metric)).toEqual(['temperature', 'operational_status'])
  await expect(make('bun_works', parent)).rejects.toThrow(/is there already/)
  await writeFile(join(parent, 'package.json'), '{ "type": "module", "name": "own" }')
  await make('other', parent)
  expect(await readFile(join(parent, 'package.json'), 'utf8')).toContain('own')
})

it('makes one that keeps the contract, as the suite tells', async () => {
  const parent = await folder()
  await make('bun_works', parent)
  const env = { ...process.env, INIT_CWD: parent, CI: '' }
  const { stdout } = await run(process.execPath, ['src/launch.mjs', 'test:connector', 'bun_works', '-u'], {
    cwd: root,
    env,
  })
  expect(stdout).toMatch(/Tests {2}\d+ passed/)
  expect(await readFile(join(parent, 'bun_works', 'README.md'), 'utf8')).toContain('# Bun works\n')
})

it.each(['', 'Bun', '4ovens', '../x', 'a-b'])('refuses %j as a name', async (id) => {
  await expect(make(id, 'connectors')).rejects.toThrow(/Usage: npm run new-connector/)
})
