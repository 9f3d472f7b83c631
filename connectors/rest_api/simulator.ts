import type { ConnectorSimulator } from '#connector'
import { startRestMachine } from '#protocol/rest'

const oven = (temp: number, humidity: number, state: string) => ({
  requires: { authorization: 'Bearer example-token' },
  data: { cabinet: { temp, humidity }, program: { state } },
})

export const simulator: ConnectorSimulator = {
  example: {
    configuration: {
      credentials: { token: 'example-token' },
      additional_config: {
        points: [
          { metric: 'temperature', pointer: '/cabinet/temp' },
          { metric: 'humidity', pointer: '/cabinet/humidity' },
          { metric: 'operational_status', pointer: '/program/state' },
        ],
      },
    },
    equipment: oven(182.5, 31, 'running'),
    equipmentLater: oven(184, 29.5, 'ready'),
    unknownPoint: { metric: 'power_kw', pointer: '/meter/power' },
    deadNeighbour: { settings: { data_endpoint: '/nothing-here' } },
    secured: {
      equipment: { ...oven(182.5, 31, 'running'), certificate: 'good' },
      impostor: { ...oven(182.5, 31, 'running'), certificate: 'good' },
    },
  },

  start: startRestMachine,
}
