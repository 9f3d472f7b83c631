import { describe, expect, it } from 'vitest'
import { newWebhookSecret } from '#store'
import { channelPatchSchema, channelSchema } from './channel-schema.ts'

const webhook = { kind: 'webhook', url: 'https://hooks.example/bakery' }

describe('channelSchema', () => {
  it('fills in what is left out', () => {
    expect(channelSchema.parse(webhook)).toEqual({
      ...webhook,
      severities: ['info', 'warning', 'critical'],
      language: 'en',
      enabled: true,
    })
  })

  it.each([
    'http://10.0.0.5:8080',
    'https://hooks.example/a/b?c=d&e=%20',
    'HTTPS://HOOKS.EXAMPLE',
    'https://[fd00::1]/x',
  ])('takes %s', (url) => expect(channelSchema.safeParse({ ...webhook, url }).success).toBe(true))

  it.each<[string, object, string]>([
    ['another kind', { kind: 'sms' }, 'kind'],
    ['another scheme', { url: 'ftp://hooks.example' }, 'url'],
    ['a script', { url: 'javascript:alert(1)' }, 'url'],
    ['no host', { url: 'https:///path' }, 'url'],
    ['a user', { url: 'https://user:secret@hooks.example' }, 'url'],
    ['a fragment', { url: 'https://hooks.example/#x' }, 'url'],
    ['a backslash', { url: 'https://hooks.example\\@evil.example' }, 'url'],
    ['a space', { url: 'https://hooks.example/a b' }, 'url'],
    ['a port that does not exist', { url: 'https://hooks.example:99999' }, 'url'],
    ['a short secret', { secret: 'whsec_c2hvcnQ=' }, 'secret'],
    ['a secret in another form', { secret: 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' }, 'secret'],
    ['a masked secret', { secret: '***' }, 'secret'],
    ['no severity', { severities: [] }, 'severities'],
    ['a severity twice', { severities: ['info', 'info'] }, 'severities'],
    ['an unknown language', { language: 'tlh' }, 'language'],
    ['a line break in the name', { name: 'a\nb' }, 'name'],
    ['an unknown field', { retries: 3 }, ''],
  ])('refuses %s', (_name, fields, path) => {
    const issues = channelSchema.safeParse({ ...webhook, ...fields }).error?.issues ?? []
    expect(issues.map((issue) => issue.path.join('.'))).toEqual([path])
  })
})

describe('channelPatchSchema', () => {
  it.each([{}, { secret: '***' }, { secret: newWebhookSecret(), url: 'https://other.example' }, { enabled: false }])(
    'takes %j',
    (patch) => expect(channelPatchSchema.parse(patch)).toEqual(patch),
  )

  it.each([{ kind: 'webhook' }, { secret: '**' }, { name: null }])('refuses %j', (patch) =>
    expect(channelPatchSchema.safeParse(patch).success).toBe(false),
  )
})
