import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { FolderInUseError, lockFolder } from './folder-lock.ts'

const lockFile = JSON.stringify(new URL('./folder-lock.ts', import.meta.url).href)

/** Holds the folder until it is killed, though nothing in it refers to the lock any more. */
const forgetfulOwner = `
  const { lockFolder } = await import(${lockFile})
  lockFolder(process.argv[1])
  setInterval(() => undefined, 1000)
  setImmediate(() => { gc(); console.log('held') })`

const briefOwner = `
  const { lockFolder } = await import(${lockFile})
  const lock = lockFolder(process.argv[1])
  setTimeout(() => lock.release(), 500)
  console.log('held')`

describe('lockFolder', () => {
  test('makes the folder, refuses a second owner and takes a third after the release', () => {
    const directory = join(temporaryFolder(), 'not', 'made yet')
    const lock = lockFolder(directory)
    expect(() => lockFolder(directory)).toThrow(FolderInUseError)
    lock.release()
    lock.release()
    lockFolder(directory).release()
  })

  test('names the folder and the process of another owner', async () => {
    const directory = temporaryFolder()
    const owner = await startOwner(directory)
    expect(() => lockFolder(directory)).toThrow(
      `Another Bakewire (process ${owner.pid}) is using the folder ${directory}. Stop it, or choose another DATA_DIR.`,
    )
  })

  test('is free when the owner was killed, whatever pid it left, and nothing else', async () => {
    const directory = temporaryFolder()
    const owner = await startOwner(directory)
    owner.kill('SIGKILL')
    await once(owner, 'exit')
    expect(await readdir(directory)).toEqual(['instance.lock', 'instance.pid'])
    writeFileSync(join(directory, 'instance.pid'), `${process.pid}\n`)
    lockFolder(directory).release()
  })

  test('waits for an owner that is just ending', async () => {
    const directory = temporaryFolder()
    const owner = await startOwner(directory, 'for half a second')
    lockFolder(directory, { waitMs: 10_000 }).release()
    await once(owner, 'exit')
  })

  test.each([
    ['its parent is a file', (folder: string) => join(folder, 'file', 'below'), /ENOTDIR/],
    ['its lock is a folder', (folder: string) => join(folder, 'odd'), /unable to open database file/],
  ])('says what is in the way when %s', (_, pathIn, reason) => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'file'), '')
    lockFolder(join(folder, 'odd', 'instance.lock'))
    expect(() => lockFolder(pathIn(folder))).toThrow(/^Cannot take the folder /)
    expect(() => lockFolder(pathIn(folder))).toThrow(reason)
  })
})

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bakewire-lock-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Another process that holds the folder until it is killed, or for half a second. */
async function startOwner(directory: string, hold: 'until killed' | 'for half a second' = 'until killed') {
  const program = hold === 'until killed' ? forgetfulOwner : briefOwner
  const owner = spawn(process.execPath, ['--expose-gc', '--input-type=module', '--eval', program, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void owner.kill('SIGKILL'))
  await once(owner.stdout, 'data')
  return owner
}
