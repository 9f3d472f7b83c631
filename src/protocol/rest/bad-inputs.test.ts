import type { IncomingMessage, ServerResponse } from 'node:http'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { BakewireError, Sample } from '#connector'
import { startServer } from '#protocol/http'
import { data, good, machine } from './machine-fixture.ts'

type Answer = (response: ServerResponse, elsewhere: string) => void

/** Another host that must hear nothing; it ends with the test. */
async function stranger() {
  const heard: IncomingMessage[] = []
  const server = await startServer({
    handle(request, response) {
      heard.push(request)
      response.end('{"temp": 99}')
    },
  })
  onTestFinished(() => server.stop())
  return { heard, connectionsMade: server.connectionsMade, address: `http://127.0.0.1:${server.port}` }
}

const outcomeOf = (reading: Promise<Sample[] | undefined>) =>
  reading.then(
    (samples) => samples?.map((sample) => ('value' in sample ? sample.value : sample.fault.code)),
    ({ code, retryAfterMs }: BakewireError) => ({ code, retryAfterMs }),
  )

describe('another host that a machine names is not asked, and gets no credential', () => {
  const password = { username: 'baker', password: 'secret' }
  const logins: [name: string, credentials: object, settings: { auth?: 'digest' }][] = [
    ['token', { token: 'secret' }, {}],
    ['API key', { api_key: 'secret' }, {}],
    ['password', password, {}],
    ['digest', password, { auth: 'digest' }],
  ]
  const json = (response: ServerResponse, fields: object, document: object) =>
    response.writeHead(200, { ...fields }).end(JSON.stringify({ temp: 21, ...document }))
  const page = (elsewhere: string) => `${elsewhere}/data?page=2`

  it.each<[name: string, answer: Answer, outcome: unknown]>([
    ['next', (response, elsewhere) => json(response, {}, { next: page(elsewhere) }), [21]],
    [
      'links of the pages',
      (response, elsewhere) =>
        json(response, {}, { _links: { next: { href: page(elsewhere) } }, '@odata.nextLink': page(elsewhere) }),
      [21],
    ],
    [
      'fields that name an address',
      (response, elsewhere) =>
        json(
          response,
          {
            link: `<${page(elsewhere)}>; rel="next"`,
            refresh: `0; url=${page(elsewhere)}`,
            location: page(elsewhere),
            'content-location': page(elsewhere),
            'alt-svc': `h2="${elsewhere.replace('http://', '')}"`,
          },
          {},
        ),
      [21],
    ],
    ...[301, 302, 303, 307, 308].map((status): [string, Answer, unknown] => [
      `a redirect (${status})`,
      (response, elsewhere) => response.writeHead(status, { location: page(elsewhere) }).end(),
      { code: 'PROTOCOL_VIOLATED', retryAfterMs: undefined },
    ]),
    [
      'a demand for digest there',
      (response, elsewhere) =>
        response
          .writeHead(401, { 'www-authenticate': `Digest realm="x", nonce="n", qop="auth", domain="${elsewhere}/"` })
          .end(),
      { code: 'CREDENTIALS_REJECTED', retryAfterMs: undefined },
    ],
  ])('%s', async (_name, answer, outcome) => {
    const { address, heard, connectionsMade } = await stranger()
    for (const [login, credentials, settings] of logins) {
      const { linkFor, requests } = await machine((request, response) => {
        // Nothing but digest is sent to who has not demanded it.
        if (settings.auth === undefined || request.headers.authorization) answer(response, address)
        else response.writeHead(401, { 'www-authenticate': 'Digest realm="x", nonce="n", qop="auth"' }).end()
      })
      const read = await linkFor(credentials, settings)
      expect([login, await outcomeOf(read())]).toEqual([login, outcome])
      expect(requests.length).toBeGreaterThan(0)
    }
    expect(heard).toEqual([])
    expect(connectionsMade()).toBe(0)
  })

  it('a token address that leads on gets the secret of the client, and nobody else does', async () => {
    const { address, heard, connectionsMade } = await stranger()
    const { linkFor, port } = await machine((_request, response) =>
      response.writeHead(307, { location: `${address}/token` }).end(),
    )
    const credentials = { client_id: 'c', client_secret: 'secret' }
    const read = await linkFor(credentials, { token_url: `http://127.0.0.1:${port}/token` })
    expect(await outcomeOf(read())).toMatchObject({ code: 'PROTOCOL_VIOLATED' })
    expect(heard).toEqual([])
    expect(connectionsMade()).toBe(0)
  })
})

describe('a wait that a busy machine asks for', () => {
  const dayMs = 86_400_000
  it.each<[retryAfter: string | undefined, retryAfterMs: number | undefined]>([
    [undefined, undefined],
    ['', undefined],
    ['-5', undefined],
    ['0', 0],
    ['1000000000', dayMs],
    ['99999999999999999999', undefined],
    ['1e9', undefined],
    ['Fri, 31 Dec 9999 23:59:59 GMT', dayMs],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
    ['Sun, 99 Nov 9999 99:99:99 GMT', undefined],
    ['later', undefined],
    ['5, 1000000000', undefined],
  ])('%s', async (retryAfter, retryAfterMs) => {
    for (const status of [429, 503]) {
      let isBusy = true
      const { linkFor } = await machine((_request, response) => {
        const fields = retryAfter === undefined ? {} : { 'retry-after': retryAfter }
        if (isBusy) response.writeHead(status, fields).end()
        else response.end(data)
      })
      const read = await linkFor({})
      expect(await outcomeOf(read())).toEqual({ code: 'DEVICE_BUSY', retryAfterMs })
      isBusy = false
      expect(await read()).toEqual(good)
    }
  })
})
