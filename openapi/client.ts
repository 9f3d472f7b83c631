import createClient, { type Client } from 'openapi-fetch'
import type { paths } from './schema.d.ts'

/**
 * A client of Bakewire whose calls, bodies and answers are typed by `schema.d.ts`, which is generated from `openapi.json`.
 * `origin` as in `http://127.0.0.1:3000`. Answers are `{data, error, response}`: `error` is a problem document.
 */
export function createBakewireClient({ origin, key }: { origin: string; key: string }): Client<paths> {
  return createClient<paths>({ baseUrl: origin, headers: { authorization: `Bearer ${key}` } })
}

export type { components, paths } from './schema.d.ts'
