import type { IncomingHttpHeaders } from 'node:http'
import { text as textOf } from 'node:stream/consumers'
import type { Misbehaviour, SimulatedMachine } from '#connector'
import { startServer } from '#protocol/http'
import { misbehaviours } from './misbehave.ts'

export interface HttpQuestion {
  readonly method: string
  /** Path and query. */
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface HttpReply {
  /** Default 200. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly json: unknown
}

interface HttpMachine<Held> {
  readonly read: (given: unknown) => Held
  readonly answer: (held: Held, question: HttpQuestion) => HttpReply
  /** How its address stands in a configuration: with `http://` before it where the connector is made of `restParts`. */
  readonly endpoint?: '127.0.0.1' | 'http://127.0.0.1'
}

/**
 * Starts a machine that answers over HTTP as `answer` says, of what it holds now; `read` makes that of a description and
 * throws when it is wrong. What it answers with 200 is spoiled as the misbehaviour has it.
 */
export async function startHttpMachine<Held>(
  given: unknown,
  { read, answer, endpoint = '127.0.0.1' }: HttpMachine<Held>,
): Promise<SimulatedMachine> {
  let held = read(given)
  let misbehaviour: Misbehaviour = 'none'
  const server = await startServer({
    async handle(request, response) {
      const { method = '', url: path = '', headers } = request
      // A client that breaks off in the middle of its request gets no answer.
      const body = await textOf(request).catch(() => undefined)
      if (body === undefined) return
      const { status = 200, headers: told, json } = answer(held, { method, path, headers, body })
      const text = JSON.stringify(json)
      if (misbehaviour !== 'none' && status === 200) misbehaviours[misbehaviour]({ request, response, text })
      else response.writeHead(status, { 'content-type': 'application/json', ...told }).end(text)
    },
  })
  return {
    configuration: { endpoint, port: server.port },
    load(next) {
      held = read(next)
    },
    misbehave(kind) {
      misbehaviour = kind
    },
    connections: server.connections,
    stop: server.stop,
  }
}
