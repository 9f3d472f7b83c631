import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type AlertFixture, openAlertFixture } from './alert-fixture.ts'
import { createNotificationStore } from './notification-store.ts'
import { newWebhookSecret } from './webhook-secret.ts'

const webhook = {
  kind: 'webhook',
  url: 'https://hooks.example/bakery',
  severities: ['critical'],
  language: 'en',
  enabled: true,
} as const

describe('createChannelStore', () => {
  let fixture: AlertFixture

  beforeAll(async () => {
    fixture = await openAlertFixture()
  })
  afterAll(() => fixture.close())
  beforeEach(() => fixture.empty())

  /** The secret with which a message of the channel would be signed. */
  async function secretOf(channelId: string): Promise<unknown> {
    await fixture.rows(`
      with e as (insert into equipment (name, type) values ('Oven', 'other') returning id),
      a as (insert into equipment_iot_alerts (equipment_id, type, severity, title, message, raised_at, last_raised_at)
            select id, 't', 'critical', 't', 'm', now(), now() from e returning id),
      t as (insert into alert_transitions (alert_id, kind, at, texts, severity)
            select id, 'raised', now(), '{}', 'critical' from a returning id, alert_id)
      insert into notifications (channel_id, alert_id, transition_id) select '${channelId}', alert_id, id from t`)
    const [row] = await fixture.outbox()
    return (await createNotificationStore(fixture.database, fixture.box).claim(row?.id ?? ''))?.secret()
  }

  it('keeps a secret that is given, sealed, and never shows it', async () => {
    const secret = newWebhookSecret()
    const { channel, generatedSecret } = await fixture.channels.create({ ...webhook, secret })
    expect(generatedSecret).toBeUndefined()
    expect(channel).toMatchObject({ ...webhook, name: 'hooks.example' })
    expect(JSON.stringify([channel, await fixture.channels.get(channel.id)])).not.toContain('secret')
    const [stored] = await fixture.rows(`select encode(secret, 'escape') as secret from notification_channels`)
    expect(stored?.['secret']).not.toContain(secret.slice(6, 20))
    expect(await secretOf(channel.id)).toBe(secret)
  })

  it('makes a secret where none is given, and tells it once', async () => {
    const { channel, generatedSecret } = await fixture.channels.create(webhook)
    expect(generatedSecret).toMatch(/^whsec_/)
    expect(await secretOf(channel.id)).toBe(generatedSecret)
  })

  it('keeps the secret for another path of the same server', async () => {
    const { channel, generatedSecret } = await fixture.channels.create(webhook)
    const changed = await fixture.channels.update(channel.id, { url: 'https://hooks.example/other', name: 'Night' })
    expect(changed).toMatchObject({ url: 'https://hooks.example/other', name: 'Night', severities: ['critical'] })
    expect(await secretOf(channel.id)).toBe(generatedSecret)
  })

  it.each(['https://evil.example/bakery', 'http://hooks.example/bakery', 'https://hooks.example:8443/bakery'])(
    'wants the secret again for %s',
    async (url) => {
      const { channel } = await fixture.channels.create(webhook)
      await expect(fixture.channels.update(channel.id, { url })).rejects.toMatchObject({
        code: 'SECRET_REQUIRED',
        errors: [{ path: 'secret' }],
      })
      expect(await fixture.channels.get(channel.id)).toEqual(channel)
      const secret = newWebhookSecret()
      expect(await fixture.channels.update(channel.id, { url, secret })).toMatchObject({ url })
      expect(await secretOf(channel.id)).toBe(secret)
    },
  )

  it('lists, deletes and knows no others', async () => {
    const made: string[] = []
    for (let count = 0; count < 3; count += 1) made.push((await fixture.channels.create(webhook)).channel.id)
    const first = await fixture.channels.list({ limit: 2 })
    const rest = await fixture.channels.list({ limit: 2, cursor: first.next_cursor ?? undefined })
    expect([...first.items, ...rest.items].map(({ id }) => id).sort()).toEqual([...made].sort())
    expect(await fixture.channels.remove(made[0] ?? '')).toBe(true)
    expect(await fixture.channels.remove(made[0] ?? '')).toBe(false)
    expect(await fixture.channels.get(made[0] ?? '')).toBeUndefined()
    expect(await fixture.channels.update(made[0] ?? '', { name: 'x' })).toBeUndefined()
  })
})
