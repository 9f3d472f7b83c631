import type { ConnectorSimulator, PartsKit } from '#protocol/parts'

export const simulator = ({ rest }: PartsKit): ConnectorSimulator => ({
  example: {
    configuration: {
      credentials: { token: 'example-token' },
      additional_config: {
        points: [
          { metric: 'temperature', pointer: '/cabinet/temperature' },
          { metric: 'operational_status', pointer: '/state' },
        ],
      },
    },
    equipment: {
      requires: { authorization: 'Bearer example-token' },
      data: { cabinet: { temperature: 182.5 }, state: 'on' },
    },
    equipmentLater: {
      requires: { authorization: 'Bearer example-token' },
      data: { cabinet: { temperature: 184 }, state: 'off' },
    },
    unknownPoint: { metric: 'power_kw', pointer: '/power' },
  },

  start: rest.startRestMachine,
})
