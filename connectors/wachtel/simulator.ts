import type { ConnectorSimulator } from '#connector'
import { startRestMachine } from '#protocol/rest'

const login = { authorization: 'Bearer example-token' }
const path = '/ovens/W-4711/data'

export const simulator: ConnectorSimulator = {
  example: {
    configuration: {
      credentials: { token: 'example-token' },
      additional_config: {
        oven_id: 'W-4711',
        standard_points: false,
        points: [
          { metric: 'temperature_zones.deck_1', pointer: '/decks/0/temperature' },
          { metric: 'operational_status', pointer: '/status' },
          { metric: 'energy_consumption_kwh', pointer: '/energy_kwh' },
        ],
      },
    },
    equipment: {
      path,
      requires: login,
      data: {
        status: 'running',
        decks: [{ temperature: 231.5 }, { temperature: 228 }],
        energy_kwh: 1204.5,
        operation_hours: 8123,
        maintenance_due: false,
      },
    },
    equipmentLater: {
      path,
      requires: login,
      data: {
        status: 'ready',
        decks: [{ temperature: 235 }, { temperature: 230.5 }],
        energy_kwh: 1209,
        operation_hours: 8124,
        maintenance_due: true,
      },
    },
    unknownPoint: { metric: 'power_kw', pointer: '/power_kw' },
    deadNeighbour: { settings: { oven_id: 'W-0000' } },
  },

  start: startRestMachine,
}
