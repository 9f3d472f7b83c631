import { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type Connector, defineConnector, type LinkTools, type SubscribeRequest, type Target } from '#connector'
import { BakewireError, limits, type Sample, silentLog, systemClock } from '#core'
import { createPassingMemory } from '../../test/setup/passing-memory.ts'
import { createPassingTrust } from '../../test/setup/passing-trust.ts'
import { plainDefinition, plainTarget } from './connector-fixture.ts'
import { createSession, type Session } from './session.ts'

interface Link {
  readonly number: number
  readonly tools: LinkTools
}

/** A connector whose every step the test decides, as a badly written one might behave. */
function testConnector(behaviour: {
  open?: (tools: LinkTools, target: Target) => Promise<void>
  read?: (link: Link) => Promise<Sample[]>
  subscribe?: (link: Link, request: SubscribeRequest<unknown>) => Promise<void>
  readsAtOnce?: number
  logsInAtOpening?: boolean
}) {
  const opened: Link[] = []
  const closed: Link[] = []
  const connector: Connector = defineConnector({
    ...plainDefinition,
    readsAtOnce: behaviour.readsAtOnce ?? 1,
    logsInAtOpening: behaviour.logsInAtOpening ?? false,
    async open(target, tools): Promise<Link> {
      await behaviour.open?.(tools, target)
      const link = { number: opened.length + 1, tools }
      opened.push(link)
      return link
    },
    close: (link) => void closed.push(link),
    read: (link) =>
      behaviour.read?.(link) ?? Promise.resolve([{ metric: 'temperature', value: link.number, quality: 'good' }]),
    ...(behaviour.subscribe ? { subscribe: behaviour.subscribe } : {}),
  })
  return { connector, opened, closed }
}

const sessions: Session[] = []
function sessionOf(connector: Connector, facts = new Map<string, unknown>()): Session {
  const dial = () => Promise.reject(new BakewireError('UNREACHABLE', 'nothing is dialled here'))
  const session = createSession({
    connector,
    dial,
    clock: systemClock,
    log: silentLog,
    memory: createPassingMemory(facts),
    trust: createPassingTrust(),
  })
  sessions.push(session)
  return session
}
afterEach(() => Promise.all(sessions.splice(0).map((session) => session.close())))

const target: Target = plainTarget
const readValue = async (session: Session, of: Target = target) => {
  const [sample] = (await session.read(of, [])).samples
  return sample && 'value' in sample ? sample.value : undefined
}

it('opens once for readers that come together', async () => {
  const { connector, opened } = testConnector({ open: () => sleep(5), readsAtOnce: 3 })
  const session = sessionOf(connector)
  expect(await Promise.all([readValue(session), readValue(session), readValue(session)])).toEqual([1, 1, 1])
  expect(opened).toHaveLength(1)
})

it('opens again after the link was lost, and closes the lost one once', async () => {
  const { connector, opened, closed } = testConnector({})
  const session = sessionOf(connector)
  expect(await readValue(session)).toBe(1)
  opened[0]?.tools.lost(new Error('gone'))
  opened[0]?.tools.lost(new Error('gone twice'))
  expect(session.isOpen()).toBe(false)
  expect(await readValue(session)).toBe(2)
  await session.close()
  expect(closed.map((link) => link.number)).toEqual([1, 2])
})

it('rests after a failed opening instead of dialling again, until told otherwise', async () => {
  let attempts = 0
  const { connector } = testConnector({
    open: () => {
      attempts += 1
      return Promise.reject(new BakewireError('UNREACHABLE', 'refused'))
    },
  })
  const session = sessionOf(connector)
  for (let count = 0; count < 5; count += 1)
    await expect(readValue(session)).rejects.toMatchObject({ code: 'UNREACHABLE' })
  expect(attempts).toBe(1)
  expect(session.restMs(target)).toBeGreaterThan(0)
  session.retryNow()
  expect(session.restMs(target)).toBe(0)
  await expect(readValue(session)).rejects.toMatchObject({ code: 'UNREACHABLE' })
  expect(attempts).toBe(2)
})

describe('of machines that share a link but not a password', () => {
  const right: Target = { ...target, equipmentId: 'right', credentials: { password: 'right' } }
  const wrong: Target = { ...target, equipmentId: 'wrong', credentials: { password: 'wrong' } }
  const gatewayOf = (logsInAtOpening: boolean) =>
    testConnector({
      logsInAtOpening,
      open: async (_tools, { credentials }) => {
        if (credentials !== right.credentials) throw new BakewireError('CREDENTIALS_REJECTED', 'wrong password')
      },
    })

  it('one that is refused keeps out nobody but those that are configured like it', async () => {
    const { connector } = gatewayOf(true)
    const session = sessionOf(connector)
    await expect(readValue(session, wrong)).rejects.toMatchObject({ code: 'CREDENTIALS_REJECTED' })
    expect(session.restMs(wrong)).toBeGreaterThan(limits.credentialsRetryMs / 2)
    expect(session.restMs(right)).toBe(0)
    expect(session.restMs()).toBeGreaterThan(limits.credentialsRetryMs / 2)
    expect(await readValue(session, right)).toBe(1)
  })

  it('each is tried with its own, and another opens it again', async () => {
    const { connector, opened, closed } = gatewayOf(true)
    const session = sessionOf(connector)
    expect(await readValue(session, right)).toBe(1)
    expect(await session.tryAnew(right)).toBe(true)
    await expect(session.tryAnew(wrong)).rejects.toMatchObject({ code: 'CREDENTIALS_REJECTED' })
    expect(closed).toHaveLength(1)
    expect(await readValue(session, right)).toBe(2)
    expect(opened).toHaveLength(2)
  })

  it('none is disturbed by a test where each read brings its own', async () => {
    const { connector, closed } = gatewayOf(false)
    const session = sessionOf(connector)
    expect(await readValue(session, right)).toBe(1)
    expect(await session.tryAnew(wrong)).toBe(true)
    expect(closed).toHaveLength(0)
  })
})

it('dials again when too many answers in a row are missing, not before', async () => {
  let silent = true
  const { connector, opened } = testConnector({
    read: (link) =>
      silent
        ? Promise.reject(new BakewireError('TIMED_OUT', 'no answer'))
        : Promise.resolve([{ metric: 'temperature', value: link.number, quality: 'good' }]),
  })
  const session = sessionOf(connector)
  for (let count = 0; count < limits.timeoutsBeforeRedial; count += 1) {
    expect(opened).toHaveLength(Math.min(count, 1))
    await expect(readValue(session)).rejects.toMatchObject({ code: 'TIMED_OUT' })
  }
  expect(session.isOpen()).toBe(false)
  silent = false
  expect(await readValue(session)).toBe(2)
})

it('leaves a machine alone that asked for it, in the next process too', async () => {
  const asked: string[] = []
  const read = () => {
    asked.push('')
    return Promise.reject(new BakewireError('DEVICE_BUSY', 'asked too often', { retryAfterMs: 70_300_000 }))
  }
  const facts = new Map<string, unknown>()
  for (let process = 0; process < 2; process += 1) {
    const session = sessionOf(testConnector({ read }).connector, facts)
    for (let poll = 0; poll < 3; poll += 1)
      await expect(readValue(session)).rejects.toMatchObject({ code: 'DEVICE_BUSY', retryAfterMs: expect.any(Number) })
    // That it can be reached is known all the same.
    expect(session.isOpen()).toBe(true)
  }
  expect(asked).toHaveLength(1)
})

it('waits at its end for a connector that lets go, and a second for one that does not', async () => {
  const lettingGo = Promise.withResolvers<void>()
  const { connector } = testConnector({})
  const session = sessionOf({ ...connector, close: () => lettingGo.promise })
  await readValue(session)
  let isClosed = false
  const closing = session.close().then(() => {
    isClosed = true
  })
  await sleep(20)
  expect(isClosed).toBe(false)
  lettingGo.resolve()
  await closing
  const stubborn = sessionOf({ ...connector, close: () => new Promise<void>(() => undefined) })
  await readValue(stubborn)
  await stubborn.close()
})

it('stays open however often it dials again', async () => {
  const { connector, opened } = testConnector({
    open: async ({ dial, signal }) => void (await dial({ host: 'h', port: 1, signal })),
  })
  const session = createSession({
    connector,
    dial: async ({ checked }) => {
      checked?.()
      return new Socket()
    },
    clock: systemClock,
    log: silentLog,
    memory: createPassingMemory(),
    trust: createPassingTrust(),
  })
  sessions.push(session)
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    await readValue(session)
    const { dial, signal } = opened[0]?.tools ?? expect.fail('nothing was opened')
    await dial({ host: 'h', port: 1, signal })
    await vi.advanceTimersByTimeAsync(600_000)
    expect(signal.aborted).toBe(false)
    expect(await readValue(session)).toBe(1)
  } finally {
    vi.useRealTimers()
  }
})

it('keeps a link on which two machines are off and a third answers', async () => {
  const { connector, opened } = testConnector({})
  const read = connector.read
  const silent = new Set(['a', 'b'])
  const session = sessionOf({
    ...connector,
    read: (link, request) =>
      silent.has(request.target.equipmentId)
        ? Promise.reject(new BakewireError('TIMED_OUT', 'no answer'))
        : (read?.(link, request) ?? Promise.resolve([])),
  })
  for (const equipmentId of ['a', 'b', 'c', 'a', 'b', 'c']) {
    const machine = { ...target, equipmentId }
    await session.read(machine, machine.points).catch((error: BakewireError) => expect(error.code).toBe('TIMED_OUT'))
  }
  expect(opened).toHaveLength(1)
})

it('begins anew after an error that is none of ours: nothing is known of such a link', async () => {
  let broken = true
  const { connector } = testConnector({
    read: (link) =>
      broken
        ? Promise.reject(new TypeError('a bug'))
        : Promise.resolve([{ metric: 'temperature', value: link.number, quality: 'good' }]),
  })
  const session = sessionOf(connector)
  await expect(readValue(session)).rejects.toMatchObject({ code: 'INTERNAL' })
  expect(session.isOpen()).toBe(false)
  broken = false
  expect(await readValue(session)).toBe(2)
})

it('survives a connector that never settles, and one that throws what is no error of ours', async () => {
  const { connector } = testConnector({ read: () => new Promise(() => undefined) })
  await expect(readValue(sessionOf(connector))).rejects.toMatchObject({ code: 'TIMED_OUT' })
  const broken = testConnector({ read: () => Promise.reject('a string') })
  await expect(readValue(sessionOf(broken.connector))).rejects.toMatchObject({ code: 'INTERNAL' })
})

it('closes what an opening under way still makes', async () => {
  const { connector, opened, closed } = testConnector({ open: () => sleep(20) })
  const session = sessionOf(connector)
  const reading = readValue(session).catch((error: unknown) => error)
  await sleep(1)
  await session.close()
  expect(await reading).toMatchObject({ code: 'LINK_LOST' })
  expect(closed).toEqual(opened)
})

it('gives up an opening that does not heed its end, and closes what it makes too late', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const { connector, opened, closed } = testConnector({
    open: (tools) => {
      tools.lost(new BakewireError('LINK_LOST', 'gone while it was opened'))
      return promise
    },
  })
  const session = sessionOf(connector)
  await expect(readValue(session)).rejects.toMatchObject({ code: 'LINK_LOST' })
  expect(opened).toEqual([])
  resolve()
  await sleep(1)
  expect(opened).toHaveLength(1)
  expect(closed).toEqual(opened)
})

it('ends an opening under way when it is closed', async () => {
  let ended: unknown
  const { connector } = testConnector({
    open: ({ signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          ended = signal.reason
          reject(ended)
        })
      }),
  })
  const session = sessionOf(connector)
  const reading = readValue(session).catch((error: unknown) => error)
  await sleep(1)
  await session.close()
  expect(ended).toMatchObject({ code: 'LINK_LOST' })
  expect(await reading).toBe(ended)
})

describe('a connector that subscribes', () => {
  const warm: Sample[] = [{ metric: 'temperature', value: 30, quality: 'good' }]
  /** A session whose connector keeps what it was asked, and the listener of a machine. */
  function subscribing() {
    const asked: SubscribeRequest<unknown>[] = []
    const parts = testConnector({ subscribe: async (_, request) => void asked.push(request) })
    const heard: Sample[][] = []
    const stop = new AbortController()
    const listener = { intervalMs: 1_000, signal: stop.signal, heard: (samples: Sample[]) => void heard.push(samples) }
    return { ...parts, session: sessionOf(parts.connector), asked, heard, stop, listener }
  }

  it('is asked once for a link, and again for the next one', async () => {
    const { session, opened, asked, heard, listener } = subscribing()
    await session.read(target, [], listener)
    await session.read(target, [], listener)
    expect(asked).toHaveLength(1)
    opened[0]?.tools.lost(new Error('gone'))
    await session.read(target, [], listener)
    expect(asked).toHaveLength(2)
    asked[0]?.heard(warm)
    expect(heard).toEqual([])
    asked[1]?.heard(warm)
    expect(heard).toEqual([warm])
  })

  it('tells nobody who does not listen any more', async () => {
    const { session, asked, heard, stop, listener } = subscribing()
    await session.read(target, [], listener)
    stop.abort()
    asked[0]?.heard(warm)
    expect([asked[0]?.signal.aborted, heard]).toEqual([true, []])
  })

  it('is not asked by a read that nobody listens to', async () => {
    const { session, asked } = subscribing()
    await session.read(target, [])
    expect(asked).toEqual([])
  })

  it('is asked again by the next read after it failed', async () => {
    let fails = true
    const { connector } = testConnector({
      subscribe: async () => {
        if (fails) throw new BakewireError('DEVICE_BUSY', 'no more subscriptions')
      },
    })
    const session = sessionOf(connector)
    const { listener } = subscribing()
    await expect(session.read(target, [], listener)).rejects.toMatchObject({ code: 'DEVICE_BUSY' })
    fails = false
    await expect(session.read(target, [], listener)).resolves.toMatchObject({ samples: [{ value: 1 }] })
  })
})
