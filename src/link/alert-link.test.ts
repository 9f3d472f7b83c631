import { createHmac, randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createAlertLinks } from './alert-link.ts'
import { alertIdOfToken, deriveLinkKey, signAlertToken } from './alert-token.ts'

const key = deriveLinkKey(Buffer.alloc(32, 7))
const alertId = '6f1c1f2e-9d1f-4a53-9a6b-0a54f7f7a111'
const now = Date.parse('2026-11-20T03:12:00Z')
const day = 86_400_000

describe('alert tokens', () => {
  const token = signAlertToken(key, alertId, now)

  it('show their alert for a week and at most a day more', () => {
    expect(token).toMatch(/^[A-Za-z0-9_-]{48}$/)
    expect(alertIdOfToken(key, token, now)).toBe(alertId)
    expect(alertIdOfToken(key, token, now + 7 * day)).toBe(alertId)
    expect(alertIdOfToken(key, token, now + 8 * day)).toBeUndefined()
  })

  it('are the same all day, and another one the next day', () => {
    const at = (time: string) => signAlertToken(key, alertId, Date.parse(time))
    expect(at('2026-11-20T00:00:00Z')).toBe(at('2026-11-20T23:59:59Z'))
    expect(at('2026-11-21T00:00:00Z')).not.toBe(token)
  })

  it('tell nothing of the key that they come from, and another key gives others', () => {
    expect(key).toHaveLength(32)
    expect(key.equals(Buffer.alloc(32, 7))).toBe(false)
    expect(alertIdOfToken(deriveLinkKey(Buffer.alloc(32, 8)), token, now)).toBeUndefined()
  })

  it('are worth nothing with any bit turned', () => {
    const bytes = Buffer.from(token, 'base64url')
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const forged = Buffer.from(bytes)
      forged[bit >> 3] = (forged[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(alertIdOfToken(key, forged.toString('base64url'), now)).toBeUndefined()
    }
  })

  it('are good for their purpose and in their version only, even when they are signed', () => {
    for (const [version, purpose] of [
      [1, 2],
      [2, 1],
      [0, 0],
    ]) {
      const payload = Buffer.from(token, 'base64url').subarray(0, 20)
      payload.set([version ?? 0, purpose ?? 0])
      const mac = createHmac('sha256', key).update(payload).digest().subarray(0, 16)
      expect(alertIdOfToken(key, Buffer.concat([payload, mac]).toString('base64url'), now)).toBeUndefined()
    }
  })

  it.each<[string, string]>([
    ['nothing', ''],
    ['a shorter one', token.slice(0, -1)],
    ['a longer one', `${token}A`],
    ['padding', `${token}=`],
    ['a dot behind', `${token}.`],
    ['a space', `${token} `],
    ['a line break', `${token}\n`],
    ['upper case', token.toUpperCase()],
    ['the other base64', token.replaceAll('-', '+').replaceAll('_', '/').padEnd(49, '=')],
    ['a percent sign', `%${token.slice(1)}`],
    ['the id of the alert', alertId],
    ['random bytes', randomBytes(36).toString('base64url')],
  ])('are refused with %s', (_name, spelling) => {
    expect(alertIdOfToken(key, spelling, now)).toBeUndefined()
  })
})

describe('createAlertLinks', () => {
  const alert = { id: alertId, title: 'Cold room 2: Too warm', message: 'Cold room 2: temperature 9.4 °C, above 8 °C' }
  const publicUrl = 'https://bakery.example'
  const linksTo = (backlinkBaseUrl: string) =>
    createAlertLinks({ publicUrl, backlinkBaseUrl, linkKey: key, clock: { now: () => now } })

  it('opens the alert from our own page', () => {
    const links = linksTo('https://bakery.example/backlink.html')
    const { link, backlink_url } = links.linkOf(alert)
    expect(link).toBe(`https://bakery.example/a/${signAlertToken(key, alertId, now)}`)
    const url = new URL(backlink_url)
    expect(url.origin + url.pathname).toBe('https://bakery.example/backlink.html')
    expect(Object.fromEntries(url.searchParams)).toEqual({ title: alert.title, description: alert.message, link })
    expect(links.alertIdOf(link.slice('https://bakery.example/a/'.length))).toBe(alertId)
  })

  it('never gives a token to a foreign page', () => {
    const { link, backlink_url } = linksTo('https://aepiot.com/backlink.html').linkOf(alert)
    expect(link).toBe(`https://bakery.example/alerts/${alertId}`)
    expect(backlink_url).not.toContain('%2Fa%2F')
    expect(new URL(backlink_url).searchParams.get('link')).toBe(link)
  })
})
