import { randomUUID } from 'node:crypto'
import { readFile, rename, stat, symlink } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { z } from 'zod'
import { SetupError } from './setup-error.ts'

const links = z.array(z.object({ source: z.string(), target: z.string() }))

/**
 * Makes the links between libraries that `native/pg-symlinks.json` of a PostgreSQL package names.
 * Those that resolve already are left alone, so that a read-only node_modules is enough.
 *
 * @throws SetupError in a sentence when one is missing and cannot be made.
 */
export async function makeLibraryLinks(packageFolder: string): Promise<void> {
  for (const { source, target } of await readLinks(packageFolder)) {
    const path = join(packageFolder, target)
    if (await resolves(path)) continue
    // Made under another name and renamed: two processes may do this at the same time.
    const draft = `${path}.${randomUUID()}`
    try {
      await symlink(relative(dirname(target), source), draft)
      await rename(draft, path)
    } catch (cause) {
      throw new SetupError(`Cannot make the library link ${path}: start once as the owner of node_modules.`, {
        cause,
      })
    }
  }
}

async function readLinks(packageFolder: string) {
  const file = join(packageFolder, 'native', 'pg-symlinks.json')
  if (!(await resolves(file))) return [] // The Windows package has no links.
  return links.parse(JSON.parse(await readFile(file, 'utf8')))
}

async function resolves(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch {
    return false
  }
}
