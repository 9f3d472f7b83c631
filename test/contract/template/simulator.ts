import type { ConnectorSimulator, PartsKit } from '#protocol/parts'

const oven = (temperature: number, state: string) => ({
  path: '/api/state',
  requires: { authorization: 'Bearer example-token' },
  data: { cabinet: { temperature }, state },
})

export const simulator = ({ rest }: PartsKit): ConnectorSimulator => ({
  example: {
    configuration: { credentials: { token: 'example-token' } },
    equipment: oven(182.5, 'on'),
    equipmentLater: oven(184, 'off'),
    unknownPoint: { metric: 'power_kw', pointer: '/power' },
  },
  start: rest.startRestMachine,
})
