import { describe, expect, it } from 'vitest'
import { ownLink } from './own-link.ts'

const publicUrl = 'https://bakery.example'

describe('ownLink', () => {
  it.each([
    'https://bakery.example/',
    'https://bakery.example/a/AQFvHB8unR9KU5pqClT398GRUlKk',
    'https://bakery.example/alerts/6f1c1f2e-9d1f-4a53-9a6b-0a54f7f7a111',
    'https://bakery.example/e/oven-1?from=label&lang=es#now',
    'https://bakery.example/path%20with%20spaces/%C3%A4',
  ])('takes %s', (link) => {
    expect(ownLink(link, publicUrl)).toBe(link)
  })

  it.each([
    '',
    ' ',
    '/',
    '//',
    '/a/x',
    '//evil.example',
    '//bakery.example/a',
    '///evil.example',
    'https:evil.example',
    'https:/evil.example',
    'https:///evil.example/',
    'https://evil.example/',
    'https://evil.example/?https://bakery.example/',
    'https://evil.example#https://bakery.example/',
    'https://evil.example/bakery.example/',
    'https://bakery.example',
    'https://bakery.example.evil.example/',
    'https://bakery.exampleevil.example/',
    'https://bakery.example:444/',
    'https://bakery.example:443/',
    'https://bakery.example:@evil.example/',
    'https://bakery.example@evil.example/',
    'https://bakery.example%40evil.example/',
    'https://bakery.example%2eevil.example/',
    'https://bakery.example%2f@evil.example/',
    'https://bakery.example\\@evil.example/',
    'https://bakery.example\\.evil.example/',
    'https:\\\\bakery.example/',
    'https://bakery.example/\\evil.example',
    'https://bakery.example//evil.example',
    'https://bakery.example/..//evil.example',
    'https://bakery.example/.//evil.example',
    'https://bakery.example/%2fevil.example',
    'https://bakery.example/%2F%2Fevil.example',
    'https://bakery.example/%5cevil.example',
    'https://bakery.example/%5C%5Cevil.example',
    'https://bakery.example/a%0d%0aLocation:%20https://evil.example',
    'https://bakery.example/%00',
    'https://user@bakery.example/',
    'https://user:password@bakery.example/',
    'https://bakery。example/',
    'https://bakery.example。/',
    'https://bäkery.example/',
    'https://bakery.example/ä',
    'https://bakery.example/a b',
    'https://bakery.example/a\tb',
    'https://bakery.example/a\nb',
    '\thttps://bakery.example/',
    ' https://bakery.example/',
    '\u0001https://bakery.example/',
    'https://bakery.example/"onmouseover="alert(1)',
    'https://bakery.example/<script>',
    'HTTPS://bakery.example/',
    'https://BAKERY.example/',
    'http://bakery.example/',
    'ftp://bakery.example/',
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'java\tscript:alert(1)',
    'javascript://bakery.example/%0aalert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:msgbox(1)',
    'blob:https://bakery.example/1',
    'view-source:https://bakery.example/',
    'file:///etc/passwd',
    '%68ttps://bakery.example/',
    'https%3A%2F%2Fbakery.example%2F',
    'https://[::1]/',
    'https://bakery.example/\u202e',
  ])('refuses %j', (link) => {
    expect(ownLink(link, publicUrl)).toBeUndefined()
  })

  it('knows a port and a path of its own', () => {
    expect(ownLink('http://localhost:3000/a/x', 'http://localhost:3000')).toBe('http://localhost:3000/a/x')
    expect(ownLink('http://localhost:3001/a/x', 'http://localhost:3000')).toBeUndefined()
    expect(ownLink('https://bakery.example/wire/a/x', 'https://bakery.example/wire')).toBeDefined()
  })
})
