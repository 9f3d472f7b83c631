import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { createCertificateStore, createSecretBox } from '#store'
import { startLine } from '../contract/line.ts'
import { connectorFolders, loadSubject, type Subject } from '../contract/subject.ts'
import { startPollingRig } from '../setup/polling-rig.ts'
import { soon } from '../setup/soon.ts'

/** `npm run test:faults` for the long form. */
const rounds = Number(process.env['FAULT_ROUNDS'] ?? 2)
const folders = await connectorFolders()

type Rig = Awaited<ReturnType<typeof startPollingRig>>
let rig: Rig
beforeAll(async () => {
  rig = await startPollingRig()
  rig.takeAll()
})
afterAll(() => rig.stop())

/** `soon` is as long as the longest rest between two tries of a machine that is away. */
it.concurrent.each(folders)(
  `%s: values flow again each of ${rounds} times that its machine is killed and comes back`,
  async (folder) => {
    const subject = await loadSubject(folder)
    const polled = await startPolled(subject)
    try {
      await vi.waitFor(async () => {
        await trustWhatWasSeen(rig)
        expect(polled.readings()).toBeGreaterThan(0)
      }, soon)
      for (let round = 0; round < rounds; round += 1) {
        await polled.kill()
        // Away for longer each time, so that it comes back at any moment of a rest.
        const missed = polled.polls() + (round % 4)
        await vi.waitFor(() => expect(polled.polls()).toBeGreaterThan(missed), soon)
        await polled.start()
        const before = polled.readings()
        await vi.waitFor(() => expect(polled.readings()).toBeGreaterThan(before + 1), soon)
        expect(polled.connections()).toBeLessThanOrEqual(subject.connector.readsAtOnce)
        expect(polled.connections()).toBeGreaterThan(0)
      }
    } finally {
      await polled.end()
    }
    expect(polled.connections()).toBe(0)
  },
  60_000 + rounds * 60_000,
)

/** The machine of the simulator's example, polled every second over a line. */
async function startPolled({ connector, simulator }: Subject) {
  const { equipment, configuration } = simulator.example
  const line = await startLine()
  let machine = await simulator.start(equipment)
  line.leadTo(machine.configuration.port)
  const id = await rig.configure(connector.id, {
    endpoint: machine.configuration.endpoint,
    port: line.port,
    credentials: { ...machine.configuration.credentials, ...configuration.credentials },
    additional_config: { ...machine.configuration.additional_config, ...configuration.additional_config },
  })
  return {
    readings: () => rig.accepted.filter(({ equipmentId }) => equipmentId === id).length,
    polls: () => rig.polls.filter(({ connectorId }) => connectorId === connector.id).length,
    connections: line.connections,
    async kill() {
      await line.unplug()
      await machine.stop()
    },
    async start() {
      machine = await simulator.start(equipment)
      line.leadTo(machine.configuration.port)
      await line.plugIn()
    },
    async end() {
      await rig.equipment.unconfigure(id)
      await vi.waitFor(() => expect(line.connections()).toBe(0), soon)
      await line.stop()
      await machine.stop()
    },
  }
}

/** What a person does once for a machine with a certificate of its own. */
async function trustWhatWasSeen({ database }: Rig): Promise<void> {
  const store = createCertificateStore(database, createSecretBox([{ id: 'k1', key: Buffer.alloc(32) }]))
  for (const { fingerprint } of (await store.list({ limit: 50 })).items) await store.trust(fingerprint)
}
