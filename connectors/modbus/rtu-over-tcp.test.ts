import { describe, it } from 'vitest'
import { linkBehaviours } from '../../test/contract/behaviours/link.ts'
import { readBehaviours } from '../../test/contract/behaviours/read.ts'
import { loadSubject, type Subject } from '../../test/contract/subject.ts'

/** The machine of the contract suite as it is behind a serial device server. */
async function serialSubject(): Promise<Subject> {
  const subject = await loadSubject('modbus')
  const { example } = subject.simulator
  const framing = 'rtu_over_tcp'
  const additional_config = { ...example.configuration.additional_config, framing }
  const framed = (equipment: unknown) => ({ framing, ...(equipment as object) })
  return {
    ...subject,
    simulator: {
      example: {
        ...example,
        configuration: { additional_config },
        equipment: framed(example.equipment),
        equipmentLater: framed(example.equipmentLater),
      },
      start: subject.simulator.start,
    },
  }
}

describe('Modbus RTU over TCP keeps what the contract suite asks of every connector', () => {
  it.each([...linkBehaviours, ...readBehaviours])('$name', async ({ check }) => check(await serialSubject()))
})
