import { exchange } from './exchange.ts'
import type { RestLink } from './get-document.ts'
import { documentOf, faultOfStatus } from './judge-answer.ts'
import type { RestTarget } from './schemas.ts'

interface Wanted {
  readonly target: RestTarget
  /** Path and query below the origin, percent-encoded. */
  readonly path: string
  /** Which setting names it. */
  readonly setting: 'api_endpoint'
  readonly signal: AbortSignal
}

/**
 * Gets one document of an interface that has many, with the headers that it came with. Throws what `exchange` throws, and what
 * the status or the body says is wrong.
 */
export async function getAnswer(link: RestLink, { target, path, setting, signal }: Wanted) {
  const what = `GET ${path.replace(/\?.*$/, '')}`
  const answer = await exchange(link, { target, path, signal })
  const fault = faultOfStatus(answer, { what, setting, now: link.clock.now() })
  if (fault) throw fault
  return { what, document: documentOf(answer, what), headers: answer.headers }
}
