import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it, onTestFinished } from 'vitest'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../..')

/** Each `file`, up to a colon at the end of its line, and the block below it. */
const fileBlock = /^`([\w./-]+)`[^\n]*:\n```\w+\n([\s\S]*?)^```$/gm

it('the connector that the guide shows keeps the contract up to gold, in a folder outside the repository', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'bakewire-guide-'))
  onTestFinished(() => rm(parent, { recursive: true }))
  const guide = await readFile(join(root, 'connectors/README.md'), 'utf8')
  const files = [...guide.matchAll(fileBlock)].map(([, name = '', text = '']) => ({ name, text }))
  expect(files.map(({ name }) => name)).toEqual(expect.arrayContaining(['index.ts', 'simulator.ts']))
  for (const { name, text } of files) {
    const file = join(parent, 'teigwerk', name)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, text)
  }
  const launcher = ['src/launch.mjs', 'test:connector', join(parent, 'teigwerk'), '-u']
  const { stdout } = await run(process.execPath, launcher, { cwd: root, env: { ...process.env, CI: '' } })
  expect(stdout).toMatch(/Tests {2}\d+ passed/)
  expect(await readFile(join(parent, 'teigwerk/README.md'), 'utf8')).toContain('- Quality level: gold\n')
})
