import type { Kit } from '#connector'
import { parseEndpoint } from '#protocol/opc-ua'
import { restParts } from '#protocol/rest'
import { isService, portOf } from './addresses.ts'
import { apiTargetOf } from './api-target.ts'
import type { RationalTarget } from './schemas.ts'

type Fault = { readonly path: string; readonly message: string }

/** What is wrong with a target beyond the form of each field. */
export function checkTarget(kit: Kit, target: RationalTarget): Fault[] {
  return [...portFaults(target), ...apiFaults(kit, target), ...pointFaults(target)]
}

function portFaults({ endpoint, port }: RationalTarget): Fault[] {
  if (isService(endpoint)) {
    if (port === portOf(endpoint, 0)) return []
    return [{ path: 'port', message: 'says nothing beside this address: leave it out' }]
  }
  const inEndpoint = parseEndpoint(endpoint)?.port
  if (inEndpoint === undefined) return []
  if (inEndpoint < 1 || inEndpoint > 65_535) return [{ path: 'endpoint', message: `names port ${inEndpoint}` }]
  if (inEndpoint === port) return []
  return [{ path: 'port', message: `contradicts the port in endpoint (${inEndpoint}): leave one of them out` }]
}

/** What the shared parts find wrong with the API, by the names that it has here. */
function apiFaults(kit: Kit, target: RationalTarget): Fault[] {
  const names: Readonly<Record<string, string>> = {
    endpoint: 'additional_config.api_endpoint',
    port: 'additional_config.api_endpoint',
  }
  return restParts(kit, 'rational')
    .check(apiTargetOf(kit, target))
    .map(({ path, message }) => ({ path: names[path] ?? path, message }))
}

function pointFaults({ points, credentials }: RationalTarget): Fault[] {
  if (credentials.client_id !== undefined) return []
  return points.flatMap(({ address }, index) =>
    address.batch === undefined
      ? []
      : [{ path: `additional_config.points[${index}].batch`, message: 'needs credentials.client_id' }],
  )
}
