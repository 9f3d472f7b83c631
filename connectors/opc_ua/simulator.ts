import type { ConnectorSimulator } from '#connector'
import { startOpcUaMachine } from '#protocol/opc-ua'

const namespace = 'http://bakery.example/oven/'
const users = { baker: 'example-password' }

/** A minute apart. */
const kept = [180, 181, 182.5, 183].map((value, index) => [`2026-03-01T04:0${index + 1}:00Z`, value])

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
    subscribing: { subscribe: true, publishing_interval_ms: 50, sampling_interval_ms: 50 },
    writing: {
      equipment: {
        users,
        variables: [
          { node: 's=Oven/Target', type: 'Double', value: 180, writable: true },
          { node: 's=Oven/Temperature', type: 'Double', value: 182.5 },
        ],
      },
      settings: {
        points: [
          { metric: 'target_temperature', node: `nsu=${namespace};s=Oven/Target` },
          { metric: 'temperature', node: `nsu=${namespace};s=Oven/Temperature` },
        ],
      },
      taken: { target_temperature: 190 },
      refused: { temperature: 20 },
    },
    history: {
      equipment: { users, variables: [{ node: 's=Oven/Temperature', type: 'Double', value: 182.5, history: kept }] },
      settings: { points: [{ metric: 'temperature', node: `nsu=${namespace};s=Oven/Temperature` }] },
      from: '2026-03-01T04:00:00Z',
      until: '2026-03-01T04:10:00Z',
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
