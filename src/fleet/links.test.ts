import { expect, it } from 'vitest'
import { z } from 'zod'
import { defineConnector, field, type OwnCertificate, type Target } from '#connector'
import { BakewireError, limits, silentLog, systemClock } from '#core'
import { createLinks } from './links.ts'

/** A connector that is refused its credentials until they are mended. */
function pickyConnector() {
  const state = { accepts: false, openings: 0 }
  const connector = defineConnector({
    id: 'picky',
    title: 'Picky',
    source: 'none',
    endpoint: field.host(),
    port: field.port(1),
    credentials: z.strictObject({}),
    settings: z.strictObject({ mode: z.string().optional() }),
    address: z.strictObject({}),
    timeoutSecondsDefault: 1,
    linkKey: ({ endpoint }) => endpoint,
    linkSettings: ({ settings }) => ({ mode: settings.mode }),
    async open() {
      state.openings += 1
      if (!state.accepts) throw new BakewireError('CREDENTIALS_REJECTED', 'who are you?')
      return {}
    },
    close: () => undefined,
    read: async () => [],
  })
  return { connector, state }
}

const target = (equipmentId: string, mode = 'a', endpoint = 'h'): Target => ({
  equipmentId,
  endpoint,
  port: 1,
  credentials: {},
  settings: { mode },
  timeoutMs: 100,
  points: [],
})
const dial = () => Promise.reject(new BakewireError('UNREACHABLE', 'nothing is dialled here'))
const linkMemory = {
  recall: async () => new Map<string, unknown>(),
  remember: async () => undefined,
  removeUnused: async () => undefined,
}
const certificates = { see: async () => false, own: (make: () => Promise<OwnCertificate>) => make() }
const openLinks = (clock = systemClock) => createLinks({ dial, clock, log: silentLog, linkMemory, certificates })

it('tries at once what was configured anew, although the link rests after a failure', async () => {
  const links = openLinks()
  const { connector, state } = pickyConnector()
  const before = links.share(connector, target('e'))
  await expect(before.session().read(target('e'), [])).rejects.toMatchObject({ code: 'CREDENTIALS_REJECTED' })
  state.accepts = true
  await expect(before.session().read(target('e'), [])).rejects.toMatchObject({ code: 'CREDENTIALS_REJECTED' })
  const after = links.share(connector, target('e'))
  await before.release()
  await expect(after.session().read(target('e'), [])).resolves.toMatchObject({ samples: [] })
  expect(state.openings).toBe(2)
  await links.close()
})

it('refuses link settings that contradict those of another machine, and takes them when that is gone', async () => {
  const links = openLinks()
  const { connector } = pickyConnector()
  const first = links.share(connector, target('first', 'a'))
  const second = links.share(connector, target('second', 'b'))
  first.session()
  expect(() => second.session()).toThrow(expect.objectContaining({ code: 'LINK_CONFLICT' }))
  await first.release()
  expect(second.session()).toBeDefined()
  expect(links.size).toBe(1)
  await second.release()
  expect(links.size).toBe(0)
})

it('opens nothing on a share that was given up', async () => {
  const links = openLinks()
  const { connector } = pickyConnector()
  const share = links.share(connector, target('e'))
  await share.release()
  expect(() => share.session()).toThrow(expect.objectContaining({ code: 'LINK_LOST' }))
})

it('opens no more links at once than a herd may, and ends those that wait when it closes', async () => {
  const links = openLinks({ ...systemClock, monotonic: () => 0 })
  const { connector, state } = pickyConnector()
  state.accepts = true
  const machines = Array.from({ length: limits.openingsBurst + 5 }, (_, nth) => target(`e${nth}`, 'a', `h${nth}`))
  const reads = machines.map((machine) => links.share(connector, machine).session().read(machine, []))
  const outcomes = Promise.allSettled(reads)
  // No timer fires between microtasks: whoever need not wait has opened by then.
  for (let turn = 0; turn < 100; turn += 1) await undefined
  expect(state.openings).toBe(limits.openingsBurst)
  await links.close()
  expect((await outcomes).filter(({ status }) => status === 'rejected')).toHaveLength(5)
})
