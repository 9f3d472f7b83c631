import type { ConnectorSimulator } from '#connector'
import { startOpcUaMachine } from '#protocol/opc-ua'

const namespace = 'http://bakery.example/oven/'
const users = { baker: 'example-password' }

export const simulator: ConnectorSimulator = {
  example: {
    configuration: {
      credentials: { username: 'baker', password: 'example-password' },
      additional_config: {
        points: [
          { metric: 'temperature', node: `nsu=${namespace};s=Oven/Temperature` },
          { metric: 'operational_status', node: `nsu=${namespace};s=Oven/Mode` },
          { metric: 'additional.loaves', node: `nsu=${namespace};s=Machine`, path: ['Counters', 'Loaves'] },
        ],
      },
    },
    equipment: { users, ...contents(182.5, 'running', 120) },
    equipmentLater: { users, ...contents(184, 'ready', 121) },
    unknownPoint: { metric: 'humidity', node: `nsu=${namespace};s=Oven/Humidity` },
    deadNeighbour: {
      settings: { points: [{ metric: 'temperature', node: `nsu=${namespace};s=Proofer/Temperature` }] },
    },
    secured: {
      equipment: { users, ...contents(182.5, 'running', 120) },
      impostor: { users, ...contents(182.5, 'running', 120), identity: 'impostor' },
    },
  },

  async start(given) {
    const machine = await startOpcUaMachine(given)
    return {
      configuration: { endpoint: 'opc.tcp://127.0.0.1', port: machine.port },
      load: machine.load,
      misbehave: machine.misbehave,
      connections: machine.connections,
      stop: machine.stop,
    }
  },
}

function contents(temperature: number, mode: string, loaves: number) {
  return {
    objects: [{ node: 's=Counters', name: 'Counters' }],
    variables: [
      { node: 's=Oven/Temperature', type: 'Double', value: temperature },
      { node: 's=Oven/Mode', type: 'String', value: mode },
      { node: 's=Loaves', parent: 's=Counters', type: 'UInt32', value: loaves },
    ],
  }
}
