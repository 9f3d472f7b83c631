import { Socket } from 'node:net'
import { expect, it } from 'vitest'
import { defineConnector, type LinkTools, type Stage, type Target } from '#connector'
import { BakewireError, type ErrorCode, silentLog, systemClock } from '#core'
import { createPassingMemory } from '../../test/setup/passing-memory.ts'
import { createPassingTrust } from '../../test/setup/passing-trust.ts'
import { plainDefinition, plainTarget } from './connector-fixture.ts'
import { createSession } from './session.ts'
import { tryConnection } from './try-connection.ts'

const target: Target = { ...plainTarget, timeoutMs: 100 }

/** The steps of a test whose opening, or else whose read, ends like this. */
async function stepsOf(failing: { open?: ErrorCode; read?: ErrorCode; after?: readonly Stage[] }) {
  const failed = (code: ErrorCode | undefined) => code && new BakewireError(code, 'it said so')
  const connector = defineConnector({
    ...plainDefinition,
    stages: ['secure', 'trusted', 'login'],
    async open(_target, { dial, reached, signal }: LinkTools) {
      await dial({ host: 'h', port: 1, signal })
      for (const stage of failing.after ?? []) reached(stage)
      const error = failed(failing.open)
      if (error) throw error
      return {}
    },
    close: () => undefined,
    read: () => Promise.reject(failed(failing.read) ?? new BakewireError('INTERNAL', 'this was not to be reached')),
  })
  const session = createSession({
    connector,
    dial: async ({ checked }) => {
      checked?.()
      return new Socket()
    },
    clock: systemClock,
    log: silentLog,
    memory: createPassingMemory(new Map()),
    trust: createPassingTrust(),
  })
  const { steps } = await tryConnection(session, connector, target, Date.now())
  await session.close()
  return steps
}

it.each<[string, Parameters<typeof stepsOf>[0], Stage]>([
  ['has no place for another program', { open: 'DEVICE_BUSY' }, 'slot'],
  ['takes the connection and is silent', { open: 'TIMED_OUT' }, 'slot'],
  ['has no place left behind its encryption', { open: 'DEVICE_BUSY', after: ['secure', 'trusted'] }, 'login'],
  ['does not answer the login', { open: 'TIMED_OUT', after: ['secure'] }, 'login'],
  ['answers the login against the protocol', { open: 'PROTOCOL_VIOLATED', after: ['secure', 'trusted'] }, 'login'],
  ['answers in another protocol', { open: 'PROTOCOL_VIOLATED' }, 'read'],
  ['answers, and is busy when it is read', { read: 'DEVICE_BUSY' }, 'read'],
  ['answers, but not when it is read', { read: 'TIMED_OUT' }, 'read'],
])('a machine that %s fails there, with an advice', async (_what, failing, stage) => {
  const steps = await stepsOf(failing)
  expect(steps.filter(({ ok, skipped }) => !ok && !skipped)).toMatchObject([
    { step: stage, detail: 'it said so', advice: expect.stringMatching(/^[A-Z]/) },
  ])
  expect(steps.slice(0, 2)).toMatchObject([
    { step: 'address', ok: true },
    { step: 'reachable', ok: true },
  ])
})
