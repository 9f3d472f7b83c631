import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Sample } from '#connector'
import { startOpcUaMachine } from '#protocol/opc-ua'
import { soon } from '../../test/setup/soon.ts'
import { faultOf, holding, openLink, outcomeOf } from './link-fixture.ts'

let machine: Awaited<ReturnType<typeof startOpcUaMachine>>
afterEach(() => machine.stop())

const settings = { security_mode: 'None', subscribe: true, publishing_interval_ms: 100, sampling_interval_ms: 100 }

async function subscribed() {
  machine = await startOpcUaMachine(holding(1))
  const link = await openLink(machine, { settings })
  const arrived = await link.subscribe()
  await vi.waitFor(() => expect(newest(arrived)).toBe(1), soon)
  return { link, arrived }
}
const newest = (arrived: readonly Sample[][]) => outcomeOf(arrived.at(-1) ?? [])
const counts = () => [machine.sessions(), machine.subscriptions()]

/** What a server that says nothing of it sends instead of a status: a keep-alive. */
const silently = (answer: {
  readonly schema: { readonly name: string }
  notificationMessage: { notificationData: { schema: { name: string } }[] | null }
}) => {
  if (answer.schema.name !== 'PublishResponse') return
  const { notificationMessage } = answer
  const isStatus = notificationMessage.notificationData?.[0]?.schema.name === 'StatusChangeNotification'
  if (isStatus) notificationMessage.notificationData = []
}

describe('a subscription that another session has taken', () => {
  it.each([
    ['and the server says so', undefined],
    ['and the server does not say so', silently],
  ])('%s is made anew in the same session', async (_name, rewrite) => {
    const { link, arrived } = await subscribed()
    machine.rewrite(rewrite)
    for (let value = 2; value < 4; value += 1) {
      const endThief = await machine.stealSubscriptions()
      machine.change('s=T', value)
      await vi.waitFor(() => expect(newest(arrived)).toBe(value), soon)
      expect(outcomeOf(await link.read())).toBe(value)
      await endThief()
      await vi.waitFor(() => expect(counts()).toEqual([1, 1]), soon)
    }
    expect(link.lost).toEqual([])
  })
})

describe('a session that the server has closed below a subscription', () => {
  it('is a lost link, told once, of which no old value is read', async () => {
    const { link } = await subscribed()
    machine.closeSessions()
    machine.change('s=T', 2)
    await vi.waitFor(() => expect(link.lost).toMatchObject([{ code: 'LINK_LOST' }]), soon)
    expect(await faultOf(link.read())).toMatchObject({ code: 'LINK_LOST' })
    expect(counts()).toEqual([0, 0])
    expect(link.openSockets()).toBe(0)
    const next = await openLink(machine, { settings })
    const arrived = await next.subscribe()
    await vi.waitFor(() => expect(newest(arrived)).toBe(2), soon)
    expect(counts()).toEqual([1, 1])
    expect(link.lost).toHaveLength(1)
  })
})
