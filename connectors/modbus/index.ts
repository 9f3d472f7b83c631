import type { Kit } from '#connector'
import { openModbusClient, registersPerReadMax } from '#protocol/modbus'
import { modbusAddress } from './address.ts'
import { carelIr33 } from './profiles/carel-ir33.ts'
import { eastronSdm630 } from './profiles/eastron-sdm630.ts'
import { omronE5cc } from './profiles/omron-e5cc.ts'
import { type ModbusLink, readTarget } from './read-target.ts'

export default (kit: Kit) =>
  kit.defineConnector({
    id: 'modbus',
    aliases: ['modbus_tcp'],
    title: 'Modbus TCP',
    source: 'Modbus Application Protocol V1.1b3; Modbus Messaging on TCP/IP V1.0b',
    endpoint: kit.field.host(),
    port: kit.field.port(502),
    credentials: kit.z.strictObject({}),
    settings: modbusSettings(kit),
    address: modbusAddress(kit),
    timeoutSecondsDefault: 2,
    profiles: [eastronSdm630, carelIr33, omronE5cc],
    linkKey: ({ endpoint, port }) => `modbus:${endpoint.toLowerCase().replace(/\.$/, '')}:${port}`,

    async open(target, { dial, signal, lost }): Promise<ModbusLink> {
      const socket = await dial({ host: target.endpoint, port: target.port, signal })
      const client = await openModbusClient({ socket, lost })
      if (signal.aborted) {
        client.close()
        throw signal.reason
      }
      return { client, plans: new WeakMap() }
    },

    close: ({ client }) => client.close(),
    read: readTarget,
  })

const modbusSettings = ({ z }: Kit) =>
  z.strictObject({
    unit_id: z
      .int()
      .min(0)
      .max(255)
      .default(1)
      .meta({ title: 'Unit', description: 'Unit (slave) id of the machine, also behind a gateway.' }),
    max_registers: z.int().min(0).max(registersPerReadMax).default(registersPerReadMax).meta({
      title: 'Largest block',
      description: 'Registers that the machine gives in one answer; 0 or 1 reads every point by itself.',
      advanced: true,
    }),
    max_gap: z.int().min(0).max(registersPerReadMax).default(8).meta({
      title: 'Largest gap',
      description: 'Unused registers (or bits) between two points that are read along to save a request.',
      advanced: true,
    }),
  })
