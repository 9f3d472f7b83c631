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
  readonly json: unknown
}

/**
 * Starts a machine that answers over HTTP as `answer` says, of what it holds now; `read` makes that of a description and
 * throws when it is wrong. What it answers with 200 is spoiled as the misbehaviour has it.
 */
export async function startHttpMachine<Held>(
  given: unknown,
  { read, answer }: { read: (given: unknown) => Held; answer: (held: Held, question: HttpQuestion) => HttpReply },
): Promise<SimulatedMachine> {
  let held = read(given)
  let misbehaviour: Misbehaviour = 'none'
  const server = await startServer({
    async handle(request, response) {
      const { method = '', url: path = '', headers } = request
      // A client that breaks off in the middle of its request gets no answer.
      const body = await textOf(request).catch(() => undefined)
      if (body === undefined) return
      const { status = 200, json } = answer(held, { method, path, headers, body })
      const text = JSON.stringify(json)
      if (misbehaviour !== 'none' && status === 200) misbehaviours[misbehaviour]({ request, response, text })
      else response.writeHead(status, { 'content-type': 'application/json' }).end(text)
    },
  })
  return {
    configuration: { endpoint: '127.0.0.1', port: server.port },
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
