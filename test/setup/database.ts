import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#embedded'

declare module 'vitest' {
  interface ProvidedContext {
    /** Answers a GET with the admin URL of the run's PostgreSQL, which the first GET starts. */
    postgresDoor: string
  }
}

/** A test run's data may be lost; what is left is speed. */
const settings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '200',
}

/**
 * One PostgreSQL for the whole test run, started when the first test file asks for it, so that a run
 * of pure tests does not wait for it. Returns what ends it.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  let started: Promise<EmbeddedPostgres> | undefined
  const directory = await mkdtemp(join(tmpdir(), 'bakewire-test-'))
  const start = () => startEmbeddedPostgres({ directory, settings, log: () => undefined })
  const door = createServer((_request, response) => {
    started ??= start()
    started.then(
      ({ url }) => response.end(url),
      (error: unknown) => response.writeHead(500).end(String(error)),
    )
  })
  door.listen(0, '127.0.0.1')
  await once(door, 'listening')
  const address = door.address()
  if (typeof address !== 'object' || address === null) throw new Error('The door has no port.')
  project.provide('postgresDoor', `http://127.0.0.1:${address.port}/`)
  return async () => {
    door.closeAllConnections()
    door.close()
    const [outcome] = await Promise.allSettled([started])
    if (outcome.status === 'fulfilled') await outcome.value?.stop()
    await rm(directory, { recursive: true, force: true, maxRetries: 3 })
  }
}
