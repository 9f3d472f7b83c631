import { expect, vi } from 'vitest'
import { soon } from '../../setup/soon.ts'
import type { Line } from '../line.ts'
import { faultOf, type Machine, outcomesOf, startMachine, startMachineOnLine } from '../machine.ts'
import type { Subject } from '../subject.ts'
import type { Behaviour, Precondition } from './behaviour.ts'

const impatient = { timeout: 0.1 }
const patient = { timeout: 30 }

const certificates: Precondition = {
  name: 'certificates',
  holds: ({ simulator }) => simulator.example.secured !== undefined,
}

/** What a link promises whatever the line does to it, and whatever stands at its other end after a while. */
export const lineBehaviours: readonly Behaviour[] = [
  {
    name: 'an answer that comes byte by byte is read',
    level: 'gold',
    check: async (subject) => {
      const { machine, line } = await startMachineOnLine(subject)
      const target = machine.parse()
      const whole = outcomesOf(await readOnce(machine))
      line.become('crumbling')
      const link = await machine.open(target)
      for (let round = 0; round < 3; round++) expect(outcomesOf(await link.read())).toEqual(whole)
    },
  },
  {
    name: 'a machine that drips its answers is TIMED_OUT, however long it goes on',
    level: 'gold',
    check: (subject) => failsOn(subject, 'dripping', 'TIMED_OUT'),
  },
  {
    name: 'a machine that takes connections and says nothing is TIMED_OUT',
    level: 'gold',
    check: (subject) => failsOn(subject, 'silent', 'TIMED_OUT'),
  },
  {
    name: 'a machine that closes connections as soon as it has taken them is LINK_LOST',
    level: 'gold',
    check: (subject) => failsOn(subject, 'closing', 'LINK_LOST'),
  },
  {
    name: 'a connection that is reset in the middle of an answer is LINK_LOST, and what came of the answer is no value',
    level: 'gold',
    check: (subject) => failsOn(subject, 'severing', 'LINK_LOST'),
  },
  { name: 'it hangs up on a flood of bytes', level: 'gold', check: hangsUpOnFlood },
  {
    name: 'it reads again, and what is there then, when its machine was switched off and on',
    level: 'gold',
    check: readsAfterReboot,
  },
  {
    name: 'a machine that is switched off in the middle of a read gives a retryable error, and is read again',
    level: 'gold',
    check: survivesRebootUnderRead,
  },
  {
    name: 'a machine with another certificate than the one that is trusted is refused',
    level: 'gold',
    needs: certificates,
    check: refusesImpostor,
  },
]

async function readOnce(machine: Machine) {
  const link = await machine.open(machine.parse())
  const samples = await link.read()
  await link.close()
  return samples
}

/** From the first byte on; afterwards no connection is left, and the line mended it reads. */
async function failsOn(subject: Subject, fault: Parameters<Line['become']>[0], code: string): Promise<void> {
  const { machine, line } = await startMachineOnLine(subject)
  line.become(fault)
  const session = machine.session()
  const target = machine.parse(impatient)
  expect(await faultOf(session.read(target, target.points))).toMatchObject({ code, remedy: 'retry' })
  await session.close()
  expect(session.openSockets()).toBe(0)
  await vi.waitFor(() => expect(line.connections()).toBe(0), soon)
  line.become('none')
  expect(await readOnce(machine)).toHaveLength(target.points.length)
}

async function hangsUpOnFlood(subject: Subject): Promise<void> {
  const { machine, line } = await startMachineOnLine(subject)
  const target = machine.parse(patient)
  const session = machine.session()
  await session.read(target, target.points)
  line.become('flooding')
  const fault = await faultOf(session.read(target, target.points))
  expect(['PROTOCOL_VIOLATED', 'LINK_LOST']).toContain(fault.code)
  await vi.waitFor(() => expect(line.connections()).toBe(0), soon)
}

/** Another machine at the same port, which holds other values: none that was read before may be given. */
async function readsAfterReboot(subject: Subject): Promise<void> {
  const { machine, line } = await startMachineOnLine(subject)
  const target = machine.parse()
  const session = machine.session()
  const before = outcomesOf((await session.read(target, target.points)).samples)
  await line.unplug()
  const away = await faultOf(session.read(target, target.points))
  expect(away.remedy).toBe('retry')
  const later = await startMachine(subject, { equipment: subject.simulator.example.equipmentLater })
  line.leadTo(later.simulated.configuration.port)
  await line.plugIn()
  const after = await vi.waitFor(async () => {
    session.retryNow()
    return outcomesOf((await session.read(target, target.points)).samples)
  }, soon)
  expect([...after.keys()].sort()).toEqual([...before.keys()].sort())
  for (const [metric, value] of after) expect(value, metric).not.toEqual(before.get(metric))
}

async function survivesRebootUnderRead(subject: Subject): Promise<void> {
  const { machine, line } = await startMachineOnLine(subject)
  const target = machine.parse(patient)
  const session = machine.session()
  await session.read(target, target.points)
  line.become('silent')
  const reading = faultOf(session.read(target, target.points))
  await vi.waitFor(() => expect(line.bytesTaken()).toBeGreaterThan(0), soon)
  await line.unplug()
  expect((await reading).remedy).toBe('retry')
  line.become('none')
  await line.plugIn()
  await vi.waitFor(async () => {
    session.retryNow()
    expect((await session.read(target, target.points)).samples).toHaveLength(target.points.length)
  }, soon)
}

async function refusesImpostor(subject: Subject): Promise<void> {
  const { secured } = subject.simulator.example
  if (!secured) throw new Error('the example has no certificates')
  const { machine, line } = await startMachineOnLine(subject, { equipment: secured.equipment })
  expect(await readOnce(machine)).not.toEqual([])
  const impostor = await startMachine(subject, { equipment: secured.impostor })
  line.leadTo(impostor.simulated.configuration.port)
  const session = machine.session()
  const target = machine.parse()
  expect((await faultOf(session.read(target, target.points))).code).toBe('CERTIFICATE_REJECTED')
  await vi.waitFor(() => expect(line.connections()).toBe(0), soon)
}
