import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { startServer } from '#protocol/http'
import { data, good, machine } from './machine-fixture.ts'
import { createTokenServer, tokenAccount } from './simulation/token-server.ts'

describe('OAuth', () => {
  const login = { client_id: 'bäckerei 4', client_secret: 's+e&c:r=t' }
  /** A cloud that gives its tokens itself, at another address. */
  const cloud = async (options: object = {}, credentials: object = login) => {
    const account = tokenAccount.parse({ ...login, expires_in: 3_600, ...options })
    const tokens = createTokenServer(account)
    const issuer = await startServer({ handle: tokens.handle })
    onTestFinished(() => issuer.stop())
    const made = await machine((request, response) => {
      if (tokens.accepts(request)) response.end(data)
      else response.writeHead(401).end()
    })
    const settings = {
      token_url: `http://127.0.0.1:${issuer.port}/token`,
      ...(account.scope === undefined ? {} : { scope: account.scope }),
      token_auth: account.auth,
    }
    const mend = () => {
      account.answers = undefined
    }
    return { ...made, tokens, issuer, mend, open: () => made.linkFor(credentials, settings) }
  }

  it.each([{}, { auth: 'body' }, { scope: 'read:ovens offline' }, { expires_in: undefined }])(
    'asks for a token once: %j',
    async (options) => {
      const { open, tokens, sent } = await cloud(options)
      const read = await open()
      expect(await Promise.all([read(), read(), read()])).toEqual([good, good, good])
      expect(await read()).toEqual(good)
      expect(tokens.asked.map(({ grant_type }) => grant_type)).toEqual(['client_credentials'])
      expect(sent()).toEqual(['Bearer', 'Bearer', 'Bearer', 'Bearer'])
    },
  )

  it('renews a token before it ends, and finds it again after a restart', async () => {
    const { open, tokens, pass, sent } = await cloud()
    const read = await open()
    await read()
    pass(3_600_000 * 0.9 - 1)
    await read()
    await (await open())()
    expect(tokens.asked).toHaveLength(1)
    pass(1)
    await read()
    expect(tokens.asked).toHaveLength(2)
    expect(sent()).toHaveLength(4)
  })

  it('renews a token that is refused, unless it is new', async () => {
    const { open, tokens, pass } = await cloud()
    const read = await open()
    await read()
    tokens.revoke()
    await expect(read()).rejects.toMatchObject({ code: 'CREDENTIALS_REJECTED' })
    expect(tokens.asked).toHaveLength(1)
    pass(60_000)
    expect(await Promise.all([read(), read(), read(), read()])).toEqual([good, good, good, good])
    expect(tokens.asked).toHaveLength(2)
  })

  it('uses each refresh token once, and after a restart the newest', async () => {
    const { open, tokens, pass, facts } = await cloud(
      { client_secret: undefined, refresh_token: 'entered' },
      { client_id: login.client_id, refresh_token: 'entered' },
    )
    const read = await open()
    await read()
    pass(3_600_000)
    await Promise.all([read(), read()])
    pass(3_600_000)
    expect(await (await open())()).toEqual(good)
    expect(tokens.asked.map(({ refresh_token }) => refresh_token)).toEqual(['entered', 'refresh-1', 'refresh-2'])
    expect([...facts.keys()].join()).not.toMatch(/entered|refresh-/)
  })

  it('keeps the refresh token that arrives while its link is closed', async () => {
    const { open, tokens } = await cloud(
      { client_secret: undefined, refresh_token: 'entered', expires_in: 0, delay_ms: 200 },
      { client_id: login.client_id, refresh_token: 'entered' },
    )
    const read = await open()
    const reading = read().catch((error: unknown) => error)
    await vi.waitFor(() => expect(tokens.asked).toHaveLength(1))
    await read.close()
    await reading
    expect(await (await open())()).toEqual(good)
    expect(tokens.asked).toHaveLength(1)
  })

  it('begins anew with a refresh token that was entered anew, whatever was known of the old one', async () => {
    const given = { client_id: login.client_id, refresh_token: 'entered' }
    const { open, tokens } = await cloud({ client_secret: undefined, refresh_token: 'entered' }, given)
    const read = await open()
    await expect(read({ ...given, refresh_token: 'other' })).rejects.toMatchObject({
      code: 'CREDENTIALS_REJECTED',
      message: expect.stringMatching(
        /\/token was answered with 400: the refresh token is no longer accepted: enter a new one$/,
      ),
    })
    expect(await read()).toEqual(good)
    expect(tokens.asked.map(({ refresh_token }) => refresh_token)).toEqual(['other', 'entered'])
  })

  const page = { headers: { 'content-type': 'text/html' }, body: '<html>s+e&c:r=t</html>' }
  const json = { headers: { 'content-type': 'application/json' } }
  it.each([
    [
      'another secret',
      { client_secret: 'other' },
      'CREDENTIALS_REJECTED',
      /401: client_id or client_secret is refused$/,
    ],
    [
      'another scope',
      { answers: { ...json, status: 400, body: '{"error":"invalid_scope"}' } },
      'CREDENTIALS_REJECTED',
      /400: scope is refused$/,
    ],
    [
      'an unknown error',
      { answers: { ...json, status: 400, body: '{"error":"x_y"}' } },
      'CREDENTIALS_REJECTED',
      /400: it gives no token for these credentials$/,
    ],
    [
      'a plain 400',
      { answers: { ...page, status: 400 } },
      'PROTOCOL_VIOLATED',
      /400: it refuses this request; is token_url right\?$/,
    ],
    [
      'a plain 403',
      { answers: { ...page, status: 403 } },
      'CREDENTIALS_REJECTED',
      /403: it gives no token for these credentials$/,
    ],
    ['a wrong path', { answers: { ...page, status: 404 } }, 'PROTOCOL_VIOLATED', /404: .*token_url/],
    ['a failure', { answers: { ...page, status: 500 } }, 'DEVICE_BUSY', /500: it is busy or has failed$/],
    [
      'a failure in words',
      { answers: { ...json, status: 400, body: '{"error":"temporarily_unavailable"}' } },
      'DEVICE_BUSY',
      /400: it is busy or has failed$/,
    ],
    [
      'a login page',
      { answers: { ...page, status: 200 } },
      'PROTOCOL_VIOLATED',
      /a web page \(a login page\?\) instead of JSON$/,
    ],
    [
      'a redirect',
      { answers: { status: 302, headers: { location: 'http://169.254.169.254/' }, body: '' } },
      'PROTOCOL_VIOLATED',
      /redirect \(302\), which is not followed/,
    ],
    ['no token', { answers: { ...json, status: 200, body: '{}' } }, 'PROTOCOL_VIOLATED', /without an access token$/],
    [
      'a token with a line break',
      { answers: { ...json, status: 200, body: '{"access_token":"a\\r\\nb"}' } },
      'PROTOCOL_VIOLATED',
      /without an access token$/,
    ],
    [
      'a token of another kind',
      { answers: { ...json, status: 200, body: '{"access_token":"a","token_type":"mac"}' } },
      'PROTOCOL_VIOLATED',
      /no bearer token$/,
    ],
    [
      'no JSON object',
      { answers: { ...json, status: 200, body: 'null' } },
      'PROTOCOL_VIOLATED',
      /without an access token$/,
    ],
  ])(
    'tells %s for what it is, asks the machine nothing, and does not ask again at once',
    async (_name, options, code, message) => {
      const { open, tokens, requests } = await cloud(options)
      const read = await open()
      const outcomes = await Promise.allSettled([read(), read(), read()])
      for (const outcome of [...outcomes, ...(await Promise.allSettled([read()]))]) {
        expect(outcome).toMatchObject({ status: 'rejected', reason: { code, message: expect.stringMatching(message) } })
        expect(JSON.stringify(outcome)).not.toContain('s+e&c:r=t')
      }
      expect(tokens.asked).toHaveLength(1)
      expect(requests).toHaveLength(0)
    },
  )

  it.each([
    [503, 5_000],
    [401, 60_000],
  ])('tries again when it has rested after %i', async (status, restMs) => {
    const { open, tokens, mend, pass } = await cloud({ answers: { status, headers: {}, body: '' } })
    const read = await open()
    await expect(read()).rejects.toThrow()
    mend()
    pass(restMs - 1)
    await expect(read()).rejects.toThrow()
    pass(1)
    expect(await read()).toEqual(good)
    expect(tokens.asked).toHaveLength(2)
  })

  it('tells that the token address is away', async () => {
    const { open, issuer } = await cloud()
    const read = await open()
    await issuer.stop()
    await expect(read()).rejects.toMatchObject({ code: 'UNREACHABLE' })
  })

  it('keeps to the wait that the token address asks for', async () => {
    const { open, tokens, pass } = await cloud({
      answers: { status: 429, headers: { 'retry-after': '120' }, body: '' },
    })
    const read = await open()
    await expect(read()).rejects.toMatchObject({ code: 'DEVICE_BUSY', retryAfterMs: 120_000 })
    pass(119_999)
    await expect(read()).rejects.toMatchObject({ code: 'DEVICE_BUSY' })
    expect(tokens.asked).toHaveLength(1)
    pass(1)
    await expect(read()).rejects.toMatchObject({ code: 'DEVICE_BUSY' })
    expect(tokens.asked).toHaveLength(2)
  })

  it('takes a wrong lifetime for no reason to ask each time', async () => {
    const { open, tokens } = await cloud({ expires_in: 0 })
    const read = await open()
    for (let poll = 0; poll < 3; poll += 1) await read()
    expect(tokens.asked).toHaveLength(1)
  })
})
