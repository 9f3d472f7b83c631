import { describe, expect, it } from 'vitest'
import { data, good, machine } from './machine-fixture.ts'
import { createDigestGuard, digestUser } from './simulation/digest-guard.ts'

describe('sends', () => {
  it.each([
    [{}, {}],
    [{ token: 't0k' }, { authorization: 'Bearer t0k' }],
    [{ username: 'u', password: 'p' }, { authorization: 'Basic dTpw' }],
    [{ username: 'u' }, { authorization: 'Basic dTo=' }],
    [{ api_key: 'k' }, { 'x-api-key': 'k' }],
    [
      { token: 't0k', api_key: 'k', username: 'u', password: 'p' },
      { authorization: 'Bearer t0k', 'x-api-key': 'k' },
    ],
  ])('of %j', async (credentials, headers) => {
    const { linkFor, requests } = await machine((_, response) => void response.end(data))
    expect(await (await linkFor(credentials))()).toEqual(good)
    const { authorization, 'x-api-key': key } = requests[0]?.headers ?? {}
    expect(JSON.parse(JSON.stringify({ authorization, 'x-api-key': key }))).toEqual(headers)
  })
})

describe('digest', () => {
  const user = { username: 'admin', password: 'Käse "4"' }
  const guarded = (options: object) => {
    const guard = createDigestGuard(digestUser.parse({ ...user, ...options }))
    return machine((request, response) => void (guard.accepts(request, response) && response.end(data)))
  }

  it.each([
    { algorithm: 'MD5' },
    { algorithm: 'MD5-sess' },
    { algorithm: 'SHA-256' },
    { algorithm: 'SHA-256-sess' },
    { algorithm: 'SHA-512-256' },
    { algorithm: 'SHA-256', qop: 'auth-int' },
    { algorithm: 'MD5', qop: 'none' },
    { algorithm: 'MD5', before: 'Negotiate, Basic realm="a, Digest b", charset="UTF-8"' },
    { before: 'Digest realm="new", nonce="n", algorithm=SHA3-512' },
  ])('%j costs one request a poll, and the password is never sent', async (options) => {
    const { linkFor, sent } = await guarded(options)
    const read = await linkFor(user, { auth: 'digest' })
    for (let poll = 0; poll < 3; poll += 1) expect(await read()).toEqual(good)
    expect(sent()).toEqual(['nothing', 'Digest', 'Digest', 'Digest'])
  })

  it('is found by itself where nothing was set', async () => {
    const { linkFor, sent } = await guarded({})
    const read = await linkFor(user)
    for (let poll = 0; poll < 2; poll += 1) expect(await read()).toEqual(good)
    expect(sent()).toEqual(['Basic', 'Digest', 'Digest'])
  })

  it.each([{ saysStale: true }, { saysStale: false }])('takes a new nonce when one is too old: %j', async (options) => {
    const { linkFor, sent } = await guarded({ usesMax: 2, ...options })
    const read = await linkFor(user, { auth: 'digest' })
    for (let poll = 0; poll < 5; poll += 1) expect(await read()).toEqual(good)
    expect(sent()).toHaveLength(1 + 5 + 2)
  })

  it('answers machines that are read at once', async () => {
    const { linkFor } = await guarded({})
    const read = await linkFor(user, { auth: 'digest' })
    for (let poll = 0; poll < 20; poll += 1)
      expect(await Promise.all([read(), read(), read(), read()])).toEqual([good, good, good, good])
  })

  it('tries a wrong password once', async () => {
    const { linkFor, sent } = await guarded({})
    const read = await linkFor({ ...user, password: 'wrong' }, { auth: 'digest' })
    await expect(read()).rejects.toMatchObject({ code: 'CREDENTIALS_REJECTED' })
    expect(sent()).toEqual(['nothing', 'Digest'])
  })

  it('sends no password to a machine that wants it in the open', async () => {
    const { linkFor, sent } = await machine((_, response) =>
      response.writeHead(401, { 'www-authenticate': 'Basic realm="oven"' }).end(),
    )
    await expect((await linkFor(user, { auth: 'digest' }))()).rejects.toMatchObject({
      code: 'CREDENTIALS_REJECTED',
      message: 'GET /data was answered with 401, but digest is not what it demands: set auth to basic',
    })
    expect(sent()).toEqual(['nothing'])
  })
})

describe('a quota', () => {
  it('counts what a login costs, and requests that are sent once more', async () => {
    const guard = createDigestGuard(digestUser.parse({ username: 'u', password: 'p' }))
    let breaks = false
    const { linkFor, requests } = await machine((request, response) => {
      if (breaks) request.socket.destroy()
      else if (guard.accepts(request, response)) response.end(data)
    })
    const read = await linkFor({ username: 'u', password: 'p' }, { auth: 'digest', requests_per_minute: 5 })
    expect([await read(), await read()]).toEqual([good, good])
    breaks = true
    await expect(read()).rejects.toMatchObject({ code: 'LINK_LOST' })
    await expect(read()).rejects.toMatchObject({
      code: 'DEVICE_BUSY',
      message: expect.stringMatching(/^requests_per_minute \(5\) is used up/),
    })
    expect(requests).toHaveLength(5)
  })
})
