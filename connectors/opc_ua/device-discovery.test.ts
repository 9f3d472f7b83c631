import { afterEach, describe, expect, it } from 'vitest'
import type { Sample } from '#connector'
import { startOpcUaMachine } from '#protocol/opc-ua'
import { faultOf, openLink, outcomeOf } from './link-fixture.ts'

let machine: Awaited<ReturnType<typeof startOpcUaMachine>>
afterEach(() => machine.stop())

const oven = {
  devices: [
    {
      name: 'Oven',
      variables: [
        { path: ['Oven', 'ActualTemperatureChamber_1'], type: 'Float', value: 180 },
        { path: ['BatchInformation', 'BatchId'], type: 'String', value: 'B-42' },
      ],
    },
  ],
}
const valueIn = (samples: readonly Sample[], metric: string) =>
  outcomeOf(samples.filter((sample) => sample.metric === metric))

/** Has the answers of one number among those to Browse (OPC 10000-6, NodeIds.csv: 530) begin with a status. */
function spoil(which: number, status: number) {
  let answers = 0
  machine.tamper((chunk, client) => {
    const copy = Buffer.from(chunk)
    if (copy.toString('latin1', 0, 3) === 'MSG' && copy.readUInt16LE(26) === 530) {
      answers += 1
      if (answers === which) copy.writeUInt32LE(status, 56)
    }
    client.write(copy)
  })
}
const internalError = 0x80020000
const accessDenied = 0x801f0000

describe('looking up what a device has', () => {
  // The set of devices, the device, its objects.
  it.each([1, 2, 3, 4])('is not over where the server cannot tell page %i, and is done again', async (page) => {
    machine = await startOpcUaMachine(oven)
    const link = await openLink(machine, { settings: { points: [], security_mode: 'None' } })
    spoil(page, internalError)
    expect(await faultOf(link.read())).toMatchObject({
      code: 'DEVICE_BUSY',
      message: expect.stringContaining('BadInternalError'),
    })
    const samples = await link.read()
    expect([valueIn(samples, 'temperature'), valueIn(samples, 'additional.batch_id')]).toEqual([180, 'B-42'])
  })

  it('leaves out an object that this user may not see, and no more', async () => {
    machine = await startOpcUaMachine(oven)
    const link = await openLink(machine, { settings: { points: [], security_mode: 'None' } })
    spoil(4, accessDenied)
    const samples = await link.read()
    expect([valueIn(samples, 'temperature'), valueIn(samples, 'additional.batch_id')]).toEqual([180, undefined])
  })
})
