import type { SimulatedMachine } from '#connector'
import { rationalEquipment } from './rational-equipment.ts'
import { contentsOf, startAccountServer } from './start-account-server.ts'
import { startApiServer } from './start-api-server.ts'

/** Both sides of the cloud, for one account. */
export async function startCloud(given: unknown) {
  const equipment = rationalEquipment.parse(given)
  const api = await startApiServer(equipment.api)
  const server = await startAccountServer(equipment)
  return {
    server,
    api,
    configuration: {
      endpoint: 'opc.tcp://127.0.0.1',
      port: server.port,
      additional_config: {
        api_endpoint: `${api.url}/api/public`,
        ...(equipment.api ? { token_url: `${api.url}/token` } : {}),
      },
    } satisfies SimulatedMachine['configuration'],
    load(next: unknown) {
      const parsed = rationalEquipment.parse(next)
      api.load(parsed.api)
      server.load(contentsOf(parsed))
    },
    connections: () => server.connections() + api.connections(),
    async stop() {
      await Promise.all([server.stop(), api.stop()])
    },
  }
}
