import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Backlink, buildBacklink, percentEncode, readable } from './build-backlink.ts'

const base = 'https://aepiot.com/backlink.html'
const link = 'https://bakery.example/alerts/6f1c1f2e-9d1f-4a53-9a6b-0a54f7f7a111'

function build(fields: Partial<Backlink> = {}): string {
  return buildBacklink({ base, title: 'Cold room 2', description: 'too warm', link, ...fields })
}

/** Any sequence of UTF-16 code units, halves of characters included. */
const anyText = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.constantFrom(0x20, 0x41, 0x27, 0xd83d, 0xde00, 0x25)), {
    maxLength: 3000,
  })
  .map((units) => units.map((unit) => String.fromCharCode(unit)).join(''))

describe('buildBacklink', () => {
  it('encodes everything that is not unreserved and keeps the order', () => {
    expect(build({ title: "Ana's (50 %) *oven*!", description: 'ä & b = c + d # e / 9.4 °C' })).toBe(
      'https://aepiot.com/backlink.html?title=Ana%27s%20%2850%20%25%29%20%2Aoven%2A%21' +
        '&description=%C3%A4%20%26%20b%20%3D%20c%20%2B%20d%20%23%20e%20%2F%209.4%20%C2%B0C' +
        '&link=https%3A%2F%2Fbakery.example%2Falerts%2F6f1c1f2e-9d1f-4a53-9a6b-0a54f7f7a111',
    )
  })

  it('adds to a base that has parameters already', () => {
    expect(build({ base: `${base}?lang=es` })).toMatch(/\?lang=es&title=Cold%20room%202&description=/)
  })

  it('takes out line breaks, halves of characters, turned writing and personal data', () => {
    const url = new URL(build({ title: 'a\r\nBcc: b\0 \ud800c', description: 'call \u202e+34 600 123 456' }))
    expect(url.searchParams.get('title')).toBe('a Bcc: b c')
    expect(url.searchParams.get('description')).toBe('call [removed]')
  })

  it('shortens the description first, at the border of a character', () => {
    const url = build({ description: '°'.repeat(1000) })
    expect(url.length).toBeLessThanOrEqual(2000)
    expect(url.length).toBeGreaterThan(1990)
    const { searchParams } = new URL(url)
    expect(searchParams.get('title')).toBe('Cold room 2')
    expect(searchParams.get('description')).toMatch(/^°{200,}…$/)
    expect(searchParams.get('link')).toBe(link)
  })

  it('then the title, the link never', () => {
    const { searchParams } = new URL(build({ title: '😀'.repeat(500) }))
    expect(searchParams.get('title')).toMatch(/^(😀){100,}…$/u)
    expect(searchParams.get('description')).toMatch(/^…?$/)
    expect(searchParams.get('link')).toBe(link)
  })

  it('refuses a link that does not fit by itself', () => {
    expect(() => build({ link: `${link}?${'x'.repeat(2000)}` })).toThrow(/too long/)
  })

  it('is for any text a URL of at most 2,000 characters that decodes to what is readable of it', () => {
    fc.assert(
      fc.property(anyText, anyText, (title, description) => {
        const url = build({ title, description })
        expect(url.length).toBeLessThanOrEqual(2000)
        expect(url).toMatch(/^https:\/\/aepiot\.com\/backlink\.html\?(?:[A-Za-z0-9._~=&-]|%[0-9A-F]{2})*$/)
        const [, given, described, linked] =
          url.match(/\?title=([^&]*)&description=([^&]*)&link=([^&]*)$/)?.map((part) => decodeURIComponent(part)) ?? []
        expect(linked).toBe(link)
        expectBeginning(given, readable(title))
        expectBeginning(described, readable(description))
      }),
      { numRuns: 300 },
    )
  })
})

describe('percentEncode', () => {
  it('leaves only what RFC 3986 calls unreserved', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(percentEncode(text)).toMatch(/^(?:[A-Za-z0-9._~-]|%[0-9A-F]{2})*$/)
        expect(decodeURIComponent(percentEncode(text))).toBe(text)
      }),
    )
  })
})

/** The whole, or a beginning of it with the sign of the cut. */
function expectBeginning(part: string | undefined, whole: string): void {
  if (part === whole || part === '') return
  expect(part?.endsWith('…')).toBe(true)
  expect(whole.startsWith(part?.slice(0, -1) ?? '')).toBe(true)
}
