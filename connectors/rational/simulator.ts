import type { ConnectorSimulator } from '#connector'
import { startCloud } from './simulation/start-cloud.ts'

const client = { client_id: 'example-client', client_secret: 'example-secret' }

/** Live values: of batches the cloud is asked more rarely than the contract suite waits. */
export const simulator: ConnectorSimulator = {
  example: {
    configuration: {
      credentials: { username: 'baker', password: 'example-password', ...client },
      additional_config: {
        unit_id: 'E11SH13022340226',
        points: [
          { metric: 'temperature', variable: 'CombiSteamer/ActualTemperatureChamber_0' },
          { metric: 'target_temperature', variable: 'CombiSteamer/SetTemperature' },
          { metric: 'additional.mode', variable: 'CombiSteamer/CombiSteamerMode' },
        ],
      },
    },
    equipment: { units: [unit(182.5, 185, 5)], api: { client } },
    equipmentLater: { units: [unit(190, 200, 6)], api: { client } },
    unknownPoint: { metric: 'humidity', variable: 'CombiSteamer/ActualHumidity' },
  },

  async start(given) {
    const cloud = await startCloud(given)
    return { ...cloud, misbehave: cloud.server.misbehave }
  },
}

function unit(chamber: number, set: number, mode: number) {
  return {
    id: '4711',
    serial: 'E11SH13022340226',
    values: {
      'CombiSteamer/ActualTemperatureChamber_0': chamber,
      'CombiSteamer/SetTemperature': set,
      'CombiSteamer/CombiSteamerMode': mode,
    },
  }
}
