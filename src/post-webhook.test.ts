import { createServer, type RequestListener } from 'node:http'
import { expect, it, onTestFinished } from 'vitest'
import { silentLog } from '#core'
import { createEgressGate, parseEgressAllow } from '#egress'
import { createWebhookPost } from './post-webhook.ts'

const { dial } = createEgressGate({ allow: parseEgressAllow('127.0.0.1'), denied: [], log: silentLog })

async function receiver(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('the server has no port')
  return `http://127.0.0.1:${address.port}`
}

const send = (url: string, timeoutMs = 2_000) =>
  createWebhookPost(dial)({ url, headers: {}, body: '{}', timeoutMs, signal: new AbortController().signal })

it('posts to the whole address and gives what came back', async () => {
  const origin = await receiver((request, response) => {
    response.writeHead(request.url === '/services/T1/B2?shop=1' ? 503 : 404, { 'retry-after': '7' }).end()
  })
  expect(await send(`${origin}/services/T1/B2?shop=1`)).toEqual({ status: 503, retryAfterMs: 7_000 })
})

const misbehaviours: [string, RequestListener][] = [
  ['redirects', (_request, response) => response.writeHead(302, { location: '/' }).end()],
  ['does not answer', () => undefined],
  ['closes the connection', (request) => request.socket.destroy()],
]

it.each(misbehaviours)(
  'never tells the path, which is often a secret, of a server that %s',
  async (_name, listener) => {
    const origin = await receiver(listener)
    const failed: unknown = await send(`${origin}/services/canary?key=canary`, 300).catch((error: unknown) => error)
    expect(failed).toMatchObject({ message: expect.stringContaining(`POST ${origin} was`) })
    expect(failed).toMatchObject({ message: expect.not.stringContaining('canary') })
  },
)
