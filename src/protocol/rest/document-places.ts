import { pathOf } from './request-parts.ts'
import type { DocumentName, RestTarget } from './schemas.ts'

interface DocumentPlace {
  /** Path and query, percent-encoded. */
  readonly path: string
  /** The request, for messages, without the query. */
  readonly what: string
}

/** Where a machine's documents are. */
export type DocumentPlaces = (target: RestTarget, name: DocumentName) => DocumentPlace

/** Each is found once, as long as the machine's configuration lives: to take an address apart costs more than to read a small answer. */
export function createDocumentPlaces(): DocumentPlaces {
  const known = { data: new WeakMap<RestTarget, DocumentPlace>(), status: new WeakMap<RestTarget, DocumentPlace>() }
  return (target, name) => {
    const place = known[name].get(target)
    if (place) return place
    const path = pathOf(target, name)
    const found = { path, what: `GET ${path.replace(/\?.*$/, '')}` }
    known[name].set(target, found)
    return found
  }
}
