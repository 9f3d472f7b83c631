import { closeSync, openSync } from 'node:fs'
import { open, rename, rm, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'

/** The server's own log, of which this run's and the last run's part are kept. */
export interface ServerLog {
  /** What the server inherits as its output. */
  readonly descriptor: number
  /** The newest lines of this run. Never rejects. */
  tail(): Promise<string>
  /** Stops looking after the file and closes our descriptor of it. */
  close(): void
}

const bounds = { maxBytes: 8 * 1024 * 1024, checkEveryMs: 60_000 }
const tailLines = 8
const tailBytes = 4096

/**
 * Starts a new log in `directory`. The server writes in append mode, so the file can be emptied
 * under its hands when it has grown beyond `maxBytes`.
 */
export async function openServerLog(
  directory: string,
  log: (line: string) => void,
  { maxBytes, checkEveryMs } = bounds,
): Promise<ServerLog> {
  const file = join(directory, 'server.log')
  await keepLast(file)
  const descriptor = openSync(file, 'a', 0o600)
  const timer = setInterval(() => {
    emptyWhenLarge(file, maxBytes).catch((error: unknown) => log(`Cannot empty ${file}: ${String(error)}`))
  }, checkEveryMs)
  timer.unref()
  let isOpen = true
  return {
    descriptor,
    tail: () => readTail(file).catch((error: unknown) => `(${file} cannot be read: ${String(error)})`),
    close() {
      if (!isOpen) return
      isOpen = false
      clearInterval(timer)
      closeSync(descriptor)
    },
  }
}

async function keepLast(file: string): Promise<void> {
  const last = `${file}.1`
  await rm(last, { force: true })
  if ((await sizeOf(file)) > 0) await rename(file, last)
}

async function emptyWhenLarge(file: string, maxBytes: number): Promise<void> {
  if ((await sizeOf(file)) > maxBytes) await truncate(file)
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size
  } catch {
    return 0 // Not written yet, or removed by somebody who wanted the space.
  }
}

async function readTail(file: string): Promise<string> {
  const handle = await open(file, 'r')
  try {
    const { size } = await handle.stat()
    const start = Math.max(0, size - tailBytes)
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(tailBytes), 0, tailBytes, start)
    const lines = buffer.toString('utf8', 0, bytesRead).trimEnd().split('\n')
    return lines.slice(-tailLines).join('\n')
  } finally {
    await handle.close()
  }
}
