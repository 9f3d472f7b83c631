import type { SimulatedMachine } from '#connector'
import { rationalEquipment } from './rational-equipment.ts'
import { contentsOf, startAccountServer } from './start-account-server.ts'
import { startApiServer } from './start-api-server.ts'

/** Both sides of the cloud, for one account. */
export async function startCloud(given: unknown) {
  let current = rationalEquipment.parse(given)
  const api = await startApiServer(current.api)
  const server = await startAccountServer(current)
  return {
    server,
    api,
    configuration: {
      endpoint: 'opc.tcp://127.0.0.1',
      port: server.port,
      additional_config: {
        api_endpoint: `${api.url}/api/public`,
        ...(current.api ? { token_url: `${api.url}/token` } : {}),
      },
    } satisfies SimulatedMachine['configuration'],
    load(next: unknown) {
      current = rationalEquipment.parse(next)
      api.load(current.api)
      server.load(contentsOf(current))
    },
    /** As when the provider deploys: every session is gone, units and users are as they were. */
    restartServer: () => server.restart(contentsOf(current)),
    connections: () => server.connections() + api.connections(),
    async stop() {
      await Promise.all([server.stop(), api.stop()])
    },
  }
}
