import type { ConnectorSimulator } from '#connector'
import { startRestMachine } from '#protocol/rest'

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
    equipment: {
      requires: { authorization: 'Bearer example-token' },
      data: { cabinet: { temp: 182.5, humidity: 31 }, program: { state: 'running' } },
    },
    equipmentLater: {
      requires: { authorization: 'Bearer example-token' },
      data: { cabinet: { temp: 184, humidity: 29.5 }, program: { state: 'ready' } },
    },
    unknownPoint: { metric: 'power_kw', pointer: '/meter/power' },
  },

  start: startRestMachine,
}
