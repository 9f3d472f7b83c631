import { describe, expect, it } from 'vitest'
import { newWebhookSecret, webhookSecretBytes } from '#store'
import { webhookHeaders } from './webhook.ts'

describe('webhookHeaders', () => {
  it('signs as the example of the specification does', () => {
    // Source: standardwebhooks/standard-webhooks, spec, and its reference libraries' test vector.
    const message = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', at: 1_614_265_330_000, body: '{"test": 2432232314}' }
    expect(webhookHeaders(message, 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')).toMatchObject({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
      'content-type': 'application/json',
    })
  })

  it.each([['secret'], ['whsec_'], [undefined], [7]])('refuses %j as a secret', (secret) => {
    expect(() => webhookHeaders({ id: 'a', at: 0, body: '' }, secret)).toThrow('no webhook secret')
  })
})

describe('webhookSecretBytes', () => {
  const secretOf = (bytes: number) => `whsec_${Buffer.alloc(bytes, 1).toString('base64')}`

  it.each([
    [24, 24],
    [64, 64],
    [23, undefined],
    [65, undefined],
    [0, undefined],
  ])('of %i bytes gives %j', (bytes, length) => {
    expect(webhookSecretBytes(secretOf(bytes))?.length).toBe(length)
  })

  it.each(['', 'whsec', secretOf(32).slice(6), `${secretOf(32)}=`, `${secretOf(32)} `, secretOf(32).replace('A', '-')])(
    'refuses %j',
    (text) => {
      expect(webhookSecretBytes(text)).toBeUndefined()
    },
  )

  it('takes every new secret, and no two are the same', () => {
    const [one, other] = [newWebhookSecret(), newWebhookSecret()]
    expect(webhookSecretBytes(one)).toHaveLength(32)
    expect(one).not.toBe(other)
  })
})
