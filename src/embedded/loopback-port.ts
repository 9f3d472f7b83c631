import { readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { SetupError } from './setup-error.ts'

const host = '127.0.0.1'

/** The port of the last start, when it was kept in `file` and is free now; else a free one. */
export async function keptOrFreePort(file: string): Promise<number> {
  const kept = await readPort(file)
  if (kept !== undefined && (await isFree(kept))) return kept
  return freePort()
}

export async function keepPort(file: string, port: number): Promise<void> {
  await rm(file, { force: true }) // Root may have written it, in a folder that is ours.
  await writeFile(file, `${port}\n`)
}

/** Whether a server could listen on the port of 127.0.0.1 now. */
export async function isFree(port: number): Promise<boolean> {
  return (await listenOnce(port)) !== undefined
}

async function freePort(): Promise<number> {
  const port = await listenOnce(0)
  if (port === undefined) throw new SetupError(`No free port on ${host}.`)
  return port
}

async function readPort(file: string): Promise<number | undefined> {
  try {
    const port = Number.parseInt(await readFile(file, 'utf8'), 10)
    return port >= 1024 && port <= 65_535 ? port : undefined
  } catch {
    return undefined // First start.
  }
}

function listenOnce(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(undefined))
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address()
      const bound = typeof address === 'object' && address !== null ? address.port : undefined
      server.close(() => resolve(bound))
    })
  })
}
