import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { silentLog } from '#core'
import { createAlertLinks, deriveLinkKey } from '#link'
import {
  type AlertChange,
  type AlertTexts,
  createAlertChangeStore,
  createAlertRuleStore,
  createAlertStore,
  createNotificationStore,
  type NotificationStore,
  webhookSecretBytes,
} from '#store'
import { type AlertFixture, type FixtureEquipment, openAlertFixture } from '../store/alert-fixture.ts'
import { createDelivery, type DeliverNotification } from './deliver-notification.ts'
import type { PostWebhook } from './webhook.ts'

const start = Date.parse('2026-11-20T03:00:00Z')
const nobody = () => undefined
const never = new AbortController().signal

const event = z.object({ type: z.string(), timestamp: z.string(), data: z.record(z.string(), z.unknown()) })

/** What a real client would do, without the egress gate, which would refuse this address. */
const post: PostWebhook = async ({ url, headers, body, signal }) => {
  const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal })
  return { status: response.status }
}

describe('createDelivery', () => {
  let fixture: AlertFixture
  let server: Server
  let url: string
  let notifications: NotificationStore
  let alerts: ReturnType<typeof createAlertStore>
  let deliver: DeliverNotification
  let room: FixtureEquipment
  let ruleId: string
  let ruleRevision: number
  let received: { headers: IncomingHttpHeaders; body: string }[]
  let answers: number[]

  beforeAll(async () => {
    fixture = await openAlertFixture()
    server = createServer(async (request, response) => {
      received.push({ headers: request.headers, body: await text(request) })
      response.writeHead(answers.shift() ?? 204).end()
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    if (typeof address !== 'object' || address === null) throw new Error('the server has no port')
    url = `http://127.0.0.1:${address.port}/hook?shop=1`
    notifications = createNotificationStore(fixture.database, fixture.box)
    alerts = createAlertStore(fixture.database, nobody)
    const links = createAlertLinks({
      publicUrl: 'https://bakery.example',
      backlinkBaseUrl: 'https://bakery.example/backlink.html',
      linkKey: deriveLinkKey(Buffer.alloc(32, 1)),
      clock: { now: () => start },
    })
    deliver = createDelivery({
      notifications,
      links,
      post,
      clock: { now: () => start + 500 },
      log: silentLog,
      random: () => 0.5,
    })
  })
  afterAll(async () => {
    server.closeAllConnections()
    server.close()
    await fixture.close()
  })
  beforeEach(async () => {
    await fixture.empty()
    received = []
    answers = []
    room = await fixture.addEquipment()
    const rules = createAlertRuleStore(fixture.database, nobody)
    const rule = await rules.create({
      name: 'Too warm',
      kind: 'threshold',
      metric: 'temperature',
      above: 8,
      severity: 'critical',
    })
    ruleId = rule.id
    ruleRevision = rule.revision
  })

  const inWords = (message: string): AlertTexts => {
    const told = (language: string) => ({ title: `${language} title`, message: `${language} ${message}` })
    return { en: told('en'), es: told('es'), de: told('de'), fr: told('fr') }
  }
  const apply = (second: number, change: { kind: 'raised' | 'resolved'; value: number }) => {
    const at = new Date(start + second * 1000)
    const head = { equipmentId: room.id, ruleId, ruleRevision, at, threshold: 8, severity: 'critical' } as const
    const texts = inWords(String(change.value))
    const state = { phase: 'firing', since: at, side: 'above' } as const
    const whole: AlertChange =
      change.kind === 'resolved'
        ? { ...head, ...change, kind: 'resolved', texts }
        : { ...head, ...change, kind: 'raised', texts, state, type: 'temperature_deviation', metric: 'temperature' }
    return createAlertChangeStore(fixture.database).apply(whole)
  }
  const raise = (value = 9.4, second = 0) => apply(second, { kind: 'raised', value })
  const end = (second = 60) => apply(second, { kind: 'resolved', value: 7 })
  const deliverDue = async () => {
    for (const id of await notifications.due(100)) await deliver(id, never)
  }
  const makeDue = () => fixture.rows(`update notifications set next_attempt_at = now() where status = 'pending'`)
  const statuses = async () => (await fixture.outbox()).map(({ status }) => status)
  const events = () => received.map(({ body }) => event.parse(JSON.parse(body)))

  it('sends a signed message with the alert as it was', async () => {
    const { generatedSecret } = await fixture.addWebhook(url)
    const { notificationIds } = await raise()
    await deliverDue()
    expect(await statuses()).toEqual(['sent'])
    const [message] = received
    const [alert] = (await alerts.list({ limit: 1 })).items
    expect(message?.headers).toMatchObject({
      'content-type': 'application/json',
      'webhook-id': notificationIds[0],
      'webhook-timestamp': String(start / 1000),
    })
    const key = webhookSecretBytes(generatedSecret ?? '') ?? Buffer.alloc(0)
    const signed = `${message?.headers['webhook-id']}.${message?.headers['webhook-timestamp']}.${message?.body}`
    expect(message?.headers['webhook-signature']).toBe(
      `v1,${createHmac('sha256', key).update(signed).digest('base64')}`,
    )
    expect(JSON.parse(message?.body ?? '')).toEqual({
      type: 'alert.raised',
      timestamp: '2026-11-20T03:00:00.000Z',
      data: {
        id: alert?.id,
        equipment_id: room.id,
        equipment_name: 'Cold room 2',
        rule_id: ruleId,
        type: 'temperature_deviation',
        severity: 'critical',
        status: 'active',
        title: 'en title',
        message: 'en 9.4',
        metric: 'temperature',
        value: 9.4,
        threshold: 8,
        raised_at: '2026-11-20T03:00:00.000Z',
        acknowledged_at: null,
        acknowledged_by: null,
        resolved_at: null,
        backlink_url: expect.stringMatching(
          /^https:\/\/bakery\.example\/backlink\.html\?title=en%20title&description=en%209\.4&link=/,
        ),
        link: expect.stringMatching(/^https:\/\/bakery\.example\/a\/[\w-]{48}$/),
        occurrences: 1,
        automated_response: null,
      },
    })
  })

  it('tells it in the language of the channel', async () => {
    const { channel } = await fixture.addWebhook(url)
    await fixture.channels.update(channel.id, { language: 'es' })
    await raise()
    await deliverDue()
    expect(events()[0]?.data).toMatchObject({ title: 'es title', message: 'es 9.4' })
  })

  it('tries again under the same id, and holds back what comes after', async () => {
    await fixture.addWebhook(url)
    await raise()
    await end()
    answers = [500, 503]
    await deliverDue()
    await deliverDue()
    expect(received).toHaveLength(1)
    expect(await fixture.outbox()).toMatchObject([
      { status: 'pending', attempts: 1, last_error: 'the server answered 500', claimed_until: null },
      { status: 'pending', attempts: 0 },
    ])
    await makeDue()
    await deliverDue()
    await makeDue()
    await deliverDue()
    await deliverDue()
    expect(events().map(({ type }) => type)).toEqual(['alert.raised', 'alert.raised', 'alert.raised', 'alert.resolved'])
    expect(new Set(received.slice(0, 3).map(({ headers }) => headers['webhook-id'])).size).toBe(1)
    expect(await statuses()).toEqual(['sent', 'sent'])
  })

  it('tells each transition as it was then, however late it leaves', async () => {
    await fixture.addWebhook(url)
    await raise(9.4)
    const [alert] = (await alerts.list({ limit: 1 })).items
    await alerts.acknowledge(alert?.id ?? '', { by: 'Ana' })
    await end(60)
    await raise(12, 120)
    for (let count = 0; count < 4; count += 1) await deliverDue()
    expect(
      events().map(({ data }) => [data['status'], data['value'], data['acknowledged_by'], data['occurrences']]),
    ).toEqual([
      ['active', 9.4, null, 1],
      ['acknowledged', 9.4, 'Ana', 1],
      ['resolved', 7, 'Ana', 1],
      ['active', 12, null, 2],
    ])
    expect(events().map(({ data }) => data['resolved_at'])).toEqual([null, null, '2026-11-20T03:01:00.000Z', null])
  })

  it('gives up what the server refuses, and goes on with the next', async () => {
    await fixture.addWebhook(url)
    await raise()
    await end()
    answers = [404]
    await deliverDue()
    await deliverDue()
    expect(await fixture.outbox()).toMatchObject([
      { status: 'failed', last_error: 'the server answered 404' },
      { status: 'sent', last_error: null },
    ])
  })

  it('disables a channel that is gone, and what waits for it is given up', async () => {
    const { channel } = await fixture.addWebhook(url)
    await raise()
    await end()
    answers = [410]
    await deliverDue()
    expect(await fixture.channels.get(channel.id)).toMatchObject({ enabled: false })
    await deliverDue()
    expect(received).toHaveLength(1)
    expect(await fixture.outbox()).toMatchObject([
      { status: 'failed' },
      { status: 'failed', last_error: 'the channel is disabled' },
    ])
  })

  it('is tried again when nobody answers', async () => {
    await fixture.addWebhook('http://127.0.0.1:1/hook')
    await raise()
    await deliverDue()
    expect(await fixture.outbox()).toMatchObject([
      { status: 'pending', attempts: 1, last_error: 'the message could not be sent' },
    ])
  })

  it('sends once when several processes are asked at the same time', async () => {
    await fixture.addWebhook(url)
    const { notificationIds } = await raise()
    await Promise.all(Array.from({ length: 8 }, () => deliver(notificationIds[0] ?? '', never)))
    await deliver('6f1c1f2e-9d1f-4a53-9a6b-0a54f7f7a111', never)
    expect(received).toHaveLength(1)
  })

  it('takes over what a dead process had claimed, once the claim is over', async () => {
    await fixture.addWebhook(url)
    const { notificationIds } = await raise()
    const id = notificationIds[0] ?? ''
    const dead = await notifications.claim(id)
    expect(await notifications.due(10)).toEqual([])
    expect(await notifications.claim(id)).toBeUndefined()
    await fixture.rows(`update notifications set claimed_until = now() - interval '1 second'`)
    const successor = await notifications.claim(id)
    if (!dead || !successor) throw new Error('nothing was claimed')
    await notifications.settle(dead, { result: 'failed', error: 'late', disableChannel: false })
    expect(await statuses()).toEqual(['pending'])
    await notifications.settle(successor, { result: 'sent' })
    expect(await statuses()).toEqual(['sent'])
  })

  it('leaves a try that was broken off by the end of the process to the next', async () => {
    await fixture.addWebhook(url)
    const { notificationIds } = await raise()
    await deliver(notificationIds[0] ?? '', AbortSignal.abort())
    expect(await fixture.outbox()).toMatchObject([{ status: 'pending', attempts: 1, last_error: null }])
  })

  describe('of an outbox that nobody looked after', () => {
    const attendedAgo = (hours: number) =>
      fixture.rows(`
      insert into installation (key, value) values ('outbox_attended_at', to_jsonb(now() - interval '${hours} hours'))
      on conflict (key) do update set value = excluded.value`)
    const raisedAgo = async (hours: number) => {
      await fixture.addWebhook(url)
      const { notificationIds } = await raise()
      await fixture.rows(`update notifications set created_at = now() - interval '${hours} hours'`)
      return notificationIds[0] ?? ''
    }
    afterEach(() => fixture.rows(`delete from installation where key = 'outbox_attended_at'`))

    it('is held back where it waits as long, and told of, whoever rings first', async () => {
      const id = await raisedAgo(5)
      await attendedAgo(5)
      await deliver(id, never)
      expect(await Promise.all([notifications.attend(), notifications.attend()])).toContain(1)
      await deliver(id, never)
      expect(received).toEqual([])
      expect(await fixture.outbox()).toMatchObject([
        { status: 'failed', last_error: expect.stringMatching(/^held back/) },
      ])
    })

    it.each([
      ['is younger', 1, 5],
      ['was looked after all the time', 20, 0],
      ['was missed for a while', 20, 3],
    ])('is sent where it %s', async (_what, waitsHours, unattendedHours) => {
      await raisedAgo(waitsHours)
      await attendedAgo(unattendedHours)
      expect(await notifications.attend()).toBe(0)
      await deliverDue()
      expect(received).toHaveLength(1)
    })
  })

  it('is told of by its channel', async () => {
    const { channel } = await fixture.addWebhook(url)
    const recent = async () => (await fixture.channels.deliveriesOf([channel.id])).get(channel.id)
    expect(await recent()).toBeUndefined()
    const { notificationIds } = await raise()
    const claimed = await notifications.claim(notificationIds[0] ?? '')
    if (!claimed) throw new Error('nothing was claimed')
    await notifications.settle(claimed, { result: 'retry', error: 'refuses connections', inMs: 0 })
    expect(await recent()).toEqual({
      sent: 0,
      waiting: 1,
      failed: 0,
      last_sent_at: null,
      last_error: 'refuses connections',
    })
    await deliverDue()
    expect(await recent()).toMatchObject({ sent: 1, waiting: 0, last_sent_at: expect.any(Date), last_error: null })
  })

  it('waits while four messages of the same channel are under way', async () => {
    await fixture.addWebhook(url)
    const { notificationIds } = await raise()
    const id = notificationIds[0] ?? ''
    await fixture.rows(`
      with further as (
        insert into alert_transitions (alert_id, kind, at, texts, severity)
        select alert_id, kind, at, texts, severity from alert_transitions, generate_series(1, 4) returning id, alert_id
      )
      insert into notifications (channel_id, alert_id, transition_id, claimed_until)
      select n.channel_id, further.alert_id, further.id, now() + interval '1 minute' from further, notifications n`)
    expect(await notifications.claim(id)).toBeUndefined()
    await fixture.rows(`update notifications set claimed_until = null where id <> '${id}'`)
    expect(await notifications.claim(id)).toMatchObject({ id })
  })

  it('does not sign with the secret of another channel', async () => {
    await fixture.addWebhook(url)
    await fixture.addWebhook(url)
    await fixture.rows(
      'update notification_channels set secret = (select secret from notification_channels order by id limit 1)',
    )
    await raise()
    await deliverDue()
    expect(received).toHaveLength(1)
    expect((await statuses()).sort()).toEqual(['pending', 'sent'])
  })
})
