import type { IncomingMessage } from 'node:http'
import { expect, onTestFinished } from 'vitest'
import { kit, parseTarget } from '#connector'
import { startServer } from '#protocol/http'
import { plainDial } from '../../../test/contract/plain-dial.ts'
import { createPassingMemory } from '../../../test/setup/passing-memory.ts'
import { createPassingTrust } from '../../../test/setup/passing-trust.ts'
import { restParts, restSource } from './rest-parts.ts'

export const connector = kit.defineConnector({
  ...restParts(kit, 'rest'),
  id: 'rest',
  title: 'REST',
  source: restSource,
  describesItself: true,
})
type Handle = Parameters<typeof startServer>[0]['handle']

/** A machine, what it was asked, and links to it that share a memory; each has a clock that the test sets. */
export async function machine(handle: Handle) {
  const requests: IncomingMessage[] = []
  const server = await startServer({
    handle(request, response) {
      requests.push(request)
      handle(request, response)
    },
  })
  onTestFinished(() => server.stop())
  const facts = new Map<string, unknown>()
  let passedMs = 0
  const linkFor = async (credentials: object, settings: object = {}) => {
    const targetOf = (given: object) =>
      parseTarget(connector, 'oven-1', {
        endpoint: 'http://127.0.0.1',
        port: server.port,
        credentials: given,
        additional_config: {
          data_endpoint: '/data?x=1',
          points: [{ metric: 'temperature', pointer: '/temp' }],
          ...settings,
        },
      })
    const startedAt = passedMs
    const { signal } = new AbortController()
    const link = await connector.open(targetOf(credentials), {
      dial: plainDial().dial,
      signal,
      clock: { now: () => Date.UTC(2026, 0, 1) + passedMs, monotonic: () => passedMs - startedAt },
      memory: createPassingMemory(facts),
      trust: createPassingTrust(),
      log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
      lost: () => undefined,
      reached: () => undefined,
    })
    onTestFinished(async () => connector.close(link))
    const read = async (given = credentials) => {
      const target = targetOf(given)
      return connector.read?.(link, { target, points: target.points, signal })
    }
    return Object.assign(read, { close: async () => connector.close(link) })
  }
  const sent = () => requests.map(({ headers }) => headers.authorization?.replace(/ .*/, '') ?? 'nothing')
  return { port: server.port, requests, sent, facts, linkFor, pass: (ms: number) => (passedMs += ms) }
}

export const data = '{"temp": 21}'
/** What a test expects of a read. */
export const good = [expect.objectContaining({ metric: 'temperature', value: 21 })]
