import { expect, it } from 'vitest'
import { digestAuthorization, digestDemand } from './digest-login.ts'
import { parseChallenges } from './parse-challenges.ts'

const demandIn = (header: string) => digestDemand(parseChallenges(header)) ?? expect.fail('no demand was found')
const request = {
  username: 'Mufasa',
  password: 'Circle of Life',
  method: 'GET',
  path: '/dir/index.html',
  cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
  count: 1,
}
/** RFC 7616, 3.9.1 */
const example = (algorithm: string) =>
  `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, ` +
  'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'

it.each([
  ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
  ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
])('answers the example of RFC 7616 with %s', (algorithm, response) => {
  expect(digestAuthorization(demandIn(example(algorithm)), request)).toBe(
    `Digest username="Mufasa", realm="http-auth@example.org", nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", ` +
      `uri="/dir/index.html", algorithm=${algorithm}, qop=auth, nc=00000001, ` +
      `cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", response="${response}", ` +
      'opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"',
  )
})

it('hides the user where the server wants it, and writes a name beyond ASCII as RFC 5987 does', () => {
  // RFC 7616, 3.9.2, with the hashes of erratum 4897: those that were published are of SHA-512, cut off.
  const demand = demandIn(
    'Digest realm="api@example.org", qop="auth", algorithm=SHA-512-256, userhash=true, charset=UTF-8, ' +
      'nonce="5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK", opaque="HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS"',
  )
  const doe = {
    ...request,
    username: 'J\u00e4s\u00f8n Doe',
    password: 'Secret, or not?',
    path: '/doe.json',
    cnonce: 'NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v',
  }
  expect(digestAuthorization(demand, doe)).toMatch(
    /^Digest username="793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b", .*response="3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5", .*, userhash=true$/,
  )
  expect(digestAuthorization({ ...demand, hidesUser: false }, doe)).toContain(
    "Digest username*=UTF-8''J%C3%A4s%C3%B8n%20Doe, ",
  )
})

it('answers the old form without qop, which RFC 2069 gives the example of', () => {
  const demand = demandIn('Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"')
  const answer = digestAuthorization(demand, { ...request, password: 'CircleOfLife' })
  expect(answer).toBe(
    'Digest username="Mufasa", realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", ' +
      'uri="/dir/index.html", response="1949323746fe6a43ef61f9606e7febea"',
  )
})

it('counts, and makes another response of each method, body, session and count', () => {
  const responseOf = (header: string, changes: object = {}) =>
    /response="([^"]+)"/.exec(digestAuthorization(demandIn(header), { ...request, ...changes }))?.[1]
  const base = 'Digest realm="r", nonce="n", qop='
  const responses = [
    responseOf(`${base}"auth"`),
    responseOf(`${base}"auth"`, { count: 2 }),
    responseOf(`${base}"auth"`, { method: 'POST' }),
    responseOf(`${base}"auth-int"`),
    responseOf(`${base}"auth-int"`, { body: '{}' }),
    responseOf(`${base}"auth", algorithm=MD5-sess`),
    responseOf(`${base}"auth", algorithm=SHA-256-sess`),
  ]
  expect(new Set(responses).size).toBe(responses.length)
  expect(digestAuthorization(demandIn(`${base}"auth"`), { ...request, count: 26 })).toContain('nc=0000001a')
})

it.each([
  [
    'the first that it knows',
    'Digest realm="r", nonce="1", algorithm=SHA-3, Digest realm="r", nonce="2", algorithm=md5',
    '2',
  ],
  [
    'the order of the server',
    'Basic realm="r", Digest realm="r", nonce="1", Digest realm="r", nonce="2", algorithm=SHA-256',
    '1',
  ],
])('takes %s', (_name, header, nonce) => {
  expect(demandIn(header).nonce).toBe(nonce)
})

it.each([
  ['Basic', 'Basic realm="r"'],
  ['a digest without nonce', 'Digest realm="r"'],
  ['an unknown quality', 'Digest realm="r", nonce="1", qop="auth-future"'],
  ['an algorithm of Object', 'Digest realm="r", nonce="1", algorithm=constructor'],
])('meets no demand for %s', (_name, header) => {
  expect(digestDemand(parseChallenges(header))).toBeUndefined()
})

it('lets nothing of the server out of its quotes', () => {
  const demand = demandIn('Digest realm="a\\"b\\\\", nonce="n\\", x=y"')
  expect(digestAuthorization(demand, request)).toContain('realm="a\\"b\\\\", nonce="n\\", x=y", uri=')
})
