import { mkdir, mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { makeLibraryLinks } from './make-library-links.ts'

describe('makeLibraryLinks', () => {
  test('makes what is missing, beside others who do the same', async () => {
    const folder = await packageFolder()
    await Promise.all(Array.from({ length: 8 }, () => makeLibraryLinks(folder)))
    const libraries = join(folder, 'native', 'lib')
    expect(await readdir(libraries)).toEqual(['libpq.so', 'libpq.so.5', 'libpq.so.5.17'])
    expect(await readlink(join(libraries, 'libpq.so'))).toBe('libpq.so.5.17')
    expect(await readFile(join(libraries, 'libpq.so.5'), 'utf8')).toBe('library')
  })

  test('leaves alone what resolves already, even a plain copy', async () => {
    const folder = await packageFolder()
    const copy = join(folder, 'native', 'lib', 'libpq.so')
    await writeFile(copy, 'copy')
    await makeLibraryLinks(folder)
    expect(await readFile(copy, 'utf8')).toBe('copy')
  })

  test('says which link cannot be made', async () => {
    const folder = await packageFolder('no-such-folder/libpq.so')
    await expect(makeLibraryLinks(folder)).rejects.toThrow(
      `Cannot make the library link ${folder}/no-such-folder/libpq.so: start once as the owner of node_modules.`,
    )
  })

  test('is content with a package without links', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bakewire-links-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    await makeLibraryLinks(folder)
  })
})

async function packageFolder(firstTarget = 'native/lib/libpq.so'): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bakewire-links-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const source = 'native/lib/libpq.so.5.17'
  await mkdir(join(folder, 'native', 'lib'), { recursive: true })
  await writeFile(join(folder, source), 'library')
  const links = [firstTarget, 'native/lib/libpq.so.5'].map((target) => ({ source, target }))
  await writeFile(join(folder, 'native', 'pg-symlinks.json'), JSON.stringify(links))
  return folder
}
