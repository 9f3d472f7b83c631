import { expect, vi } from 'vitest'
import { BakewireError } from '#connector'
import { soon } from '../../setup/soon.ts'
import { faultOf, startMachine, startMachineOnLine } from '../machine.ts'
import type { Subject } from '../subject.ts'
import type { Behaviour, Precondition } from './behaviour.ts'
import { secretsOf } from './definition.ts'

const logins: Precondition = {
  name: 'login',
  holds: (subject) => secretsOf(subject).length > 0,
}

/** Longer than this nobody reads on a phone. */
const lengthMax = 300

/** Names of system and library errors, of classes and of values that were put together wrongly. */
const foreignWords =
  /\bE[A-Z]{4,}\b|\bERR_|\bUND_ERR|\b[A-Z]\w+(Error|Exception)\b|\[object|\bundefined\b|\bNaN\b|\bnull\b|node_modules|^Error\b|\n/

/** What a connector says to people when something is wrong. */
export const wordingBehaviours: readonly Behaviour[] = [
  {
    name: 'wrong credentials are CREDENTIALS_REJECTED and leave no connection',
    level: 'silver',
    needs: logins,
    check: async (subject) => {
      const credentials = wrongCredentials(subject)
      const machine = await startMachine(subject, { credentials })
      const target = machine.parse()
      const session = machine.session()
      const fault = await faultOf(session.read(target, target.points))
      expect(fault).toMatchObject({ code: 'CREDENTIALS_REJECTED', remedy: 'fix-credentials' })
      await session.close()
      expect(session.openSockets()).toBe(0)
      await vi.waitFor(() => expect(machine.simulated.connections()).toBe(0), soon)
      for (const secret of Object.values(credentials)) expect(fault.message).not.toContain(secret)
    },
  },
  {
    name: 'what goes wrong is told in plain words',
    level: 'gold',
    check: async (subject) => {
      const said = [...(await saidOfMisbehaviours(subject)), ...(await saidOfLines(subject))]
      expect(said.length).toBeGreaterThan(8)
      for (const message of said) {
        expect(message).not.toMatch(foreignWords)
        expect(message.trim()).toBe(message)
        expect(message).toMatch(/\w+ \w+/)
        expect(message.length).toBeLessThanOrEqual(lengthMax)
      }
    },
  },
]

function wrongCredentials({ simulator }: Subject): Record<string, string> {
  const { credentials = {} } = simulator.example.configuration
  const strings = Object.entries(credentials).filter(([, secret]) => typeof secret === 'string')
  return Object.fromEntries(strings.map(([name]) => [name, `another-${name}`]))
}

async function saidOfMisbehaviours(subject: Subject): Promise<string[]> {
  const said: string[] = []
  for (const kind of ['silent', 'garbage', 'half', 'closing', 'refusing'] as const) {
    const machine = await startMachine(subject, { settings: { timeout: 0.1 } })
    const session = machine.session()
    const target = machine.parse()
    machine.simulated.misbehave(kind)
    said.push(...(await messagesOf(session.read(target, target.points))))
  }
  return said
}

async function saidOfLines(subject: Subject): Promise<string[]> {
  const said: string[] = []
  for (const fault of ['silent', 'closing', 'dripping', 'flooding'] as const) {
    const { machine, line } = await startMachineOnLine(subject, { settings: { timeout: 0.1 } })
    const session = machine.session()
    const target = machine.parse()
    line.become(fault)
    said.push(...(await messagesOf(session.read(target, target.points))))
  }
  return said
}

/** What was thrown, or the fault of every point. */
async function messagesOf(reading: Promise<{ samples: readonly object[] }>): Promise<string[]> {
  try {
    const { samples } = await reading
    return samples.flatMap((sample) => ('fault' in sample ? [(sample.fault as { message: string }).message] : []))
  } catch (thrown) {
    if (thrown instanceof BakewireError) return [thrown.message]
    throw thrown
  }
}
