import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { type BrowseRequest, type Connector, defineConnector, type Target, type WriteRequest } from '#connector'
import { BakewireError, type Sample, silentLog, systemClock } from '#core'
import { createPassingMemory } from '../../test/setup/passing-memory.ts'
import { createPassingTrust } from '../../test/setup/passing-trust.ts'
import { plainDefinition, plainTarget } from './connector-fixture.ts'
import { createSession, type Session } from './session.ts'

/** A connector with room for one request that notes what is done, in order. */
function testConnector(behaviour: {
  browse?: (request: BrowseRequest<unknown>) => Promise<{ found: { name: string; kind: string }[] }>
  write?: (request: WriteRequest<Target>) => Promise<Sample[]>
  open?: () => Promise<void>
}) {
  const done: string[] = []
  const { browse, write } = behaviour
  const connector: Connector = defineConnector({
    ...plainDefinition,
    open: async () => {
      await behaviour.open?.()
      done.push('open')
      return {}
    },
    close: () => void done.push('close'),
    read: async (): Promise<Sample[]> => {
      done.push('read')
      return [{ metric: 'temperature', value: 1, quality: 'good' }]
    },
    ...(browse ? { browse: (_link, request) => browse(request) } : {}),
    ...(write ? { write: (_link, request) => write(request as unknown as WriteRequest<Target>) } : {}),
  })
  return { connector, done }
}

const sessions: Session[] = []
function sessionOf(connector: Connector): Session {
  const session = createSession({
    connector,
    dial: () => Promise.reject(new BakewireError('UNREACHABLE', 'nothing is dialled here')),
    clock: systemClock,
    log: silentLog,
    memory: createPassingMemory(),
    trust: createPassingTrust(),
  })
  sessions.push(session)
  return session
}
afterEach(() => Promise.all(sessions.splice(0).map((session) => session.close())))

const target: Target = plainTarget
const question = { at: undefined, cursor: undefined, limit: 10, seconds: 1 }
const never = new AbortController().signal
const writes = [{ point: { metric: 'temperature', address: {} }, value: 5 }]

describe('browsing', () => {
  it('has its turn between the reads of the link', async () => {
    const letGo = Promise.withResolvers<void>()
    const { connector, done } = testConnector({
      browse: async () => {
        done.push('browse')
        await letGo.promise
        return { found: [{ name: 'a', kind: 'b' }] }
      },
    })
    const session = sessionOf(connector)
    await session.read(target, [])
    const browsing = session.browse(target, question, never)
    const reading = session.read(target, [])
    await sleep(5)
    expect(done).toEqual(['open', 'read', 'browse'])
    letGo.resolve()
    expect(await browsing).toEqual({ found: [{ name: 'a', kind: 'b' }] })
    await reading
    expect(done.at(-1)).toBe('read')
  })

  it('ends with the patience of who asked, and leaves the link to the reads', async () => {
    const { connector, done } = testConnector({
      browse: ({ signal }) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    })
    const session = sessionOf(connector)
    await expect(session.browse(target, question, AbortSignal.timeout(10))).rejects.toMatchObject({ code: 'TIMED_OUT' })
    await session.read(target, [])
    expect(done).toEqual(['open', 'read'])
  })

  it('is given up, and the link with it, where a connector does not heed its end', async () => {
    const { connector, done } = testConnector({ browse: () => new Promise(() => undefined) })
    const session = sessionOf(connector)
    await expect(session.browse(target, question, AbortSignal.timeout(10))).rejects.toMatchObject({ code: 'TIMED_OUT' })
    await session.read(target, [])
    expect(done).toEqual(['open', 'close', 'open', 'read'])
  })

  it('is refused by a connector that cannot', async () => {
    const { connector } = testConnector({})
    await expect(sessionOf(connector).browse(target, question, never)).rejects.toMatchObject({ code: 'NOT_SUPPORTED' })
  })
})

describe('writing', () => {
  const taken: Sample[] = [{ metric: 'temperature', value: 5, quality: 'good' }]

  it('gives what was read back', async () => {
    const { connector } = testConnector({ write: async () => taken })
    expect(await sessionOf(connector).write(target, writes, never)).toEqual(taken)
  })

  it('sends nothing when nobody waits for it any more, were the link only now free', async () => {
    const opened = Promise.withResolvers<void>()
    const sent: unknown[] = []
    const { connector } = testConnector({
      open: () => opened.promise,
      write: async (request) => {
        sent.push(request)
        return taken
      },
    })
    const asked = new AbortController()
    const session = sessionOf(connector)
    const writing = session.write(target, writes, asked.signal)
    await sleep(5)
    asked.abort()
    opened.resolve()
    await expect(writing).rejects.toMatchObject({ code: 'OVERLOADED' })
    await expect(session.write(target, writes, asked.signal)).rejects.toMatchObject({ code: 'OVERLOADED' })
    expect(sent).toEqual([])
  })

  it.each(['TIMED_OUT', 'LINK_LOST', 'PROTOCOL_VIOLATED'] as const)(
    'that ended in %s is not known to have been done, and is not done again',
    async (code) => {
      let count = 0
      const { connector } = testConnector({
        write: () => {
          count += 1
          return Promise.reject(new BakewireError(code, 'no answer'))
        },
      })
      expect(await sessionOf(connector).write(target, writes, never)).toEqual([
        { metric: 'temperature', fault: { code, message: 'no answer; whether it was written is not known' } },
      ])
      expect(count).toBe(1)
    },
  )

  it('that could not be sent is an error', async () => {
    const { connector } = testConnector({
      open: () => Promise.reject(new BakewireError('UNREACHABLE', 'refused')),
      write: async () => taken,
    })
    await expect(sessionOf(connector).write(target, writes, never)).rejects.toMatchObject({ code: 'UNREACHABLE' })
  })
})
