import { randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SetupError } from './setup-error.ts'

/** The text of a secret that this installation makes for itself: made once below `directory`, readable by its owner only. */
export function readOrMakeSecret(directory: string, name: string, make: () => string): { text: string; made: boolean } {
  const path = join(directory, name)
  try {
    const existing = readSecret(path)
    return existing === undefined
      ? { text: makeSecret(path, directory, make), made: true }
      : { text: existing, made: false }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new SetupError(`${path} cannot be used (${reason}): choose a DATA_DIR that this user may write to.`, {
      cause: error,
    })
  }
}

function makeSecret(path: string, directory: string, make: () => string): string {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  // Written whole under another name first: a start that is killed leaves no half secret behind.
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, `${make()}\n`, { mode: 0o600, flush: true })
  try {
    linkSync(draft, path)
  } catch (error) {
    if (!isExisting(error)) throw error
  } finally {
    rmSync(draft, { force: true })
  }
  const text = readSecret(path)
  if (text === undefined) throw new Error(`${path} could not be written`)
  return text
}

/** An encryption key ring with one new key, in the form of ENCRYPTION_KEYS. */
export function makeEncryptionKeys(): string {
  return `k1:${randomBytes(32).toString('base64')}`
}

function readSecret(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim() || undefined
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

function isExisting(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST'
}
