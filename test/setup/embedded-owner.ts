import { startEmbeddedPostgres } from '#embedded'

/**
 * A process that owns an embedded PostgreSQL below the folder of its first argument and stays until
 * it is killed. Writes one line of JSON: `{ url, port, pid }` of the server, or `{ error }`.
 */
const [directory] = process.argv.slice(2)
if (directory === undefined) throw new Error('Usage: embedded-owner.ts <directory>')
try {
  const { url, port, pid } = await startEmbeddedPostgres({ directory, log: () => undefined })
  process.stdout.write(`${JSON.stringify({ url, port, pid })}\n`)
} catch (error) {
  process.stdout.write(`${JSON.stringify({ error: error instanceof Error ? error.message : error })}\n`)
}
