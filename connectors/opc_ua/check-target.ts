import { parseEndpoint } from '#protocol/opc-ua'
import type { OpcUaTarget } from './schemas.ts'

type Fault = { readonly path: string; readonly message: string }

/** What is wrong with a target beyond the form of each field. */
export function checkTarget({ endpoint, port, credentials, settings, points }: OpcUaTarget): Fault[] {
  const faults: Fault[] = []
  const inEndpoint = parseEndpoint(endpoint)?.port
  if (inEndpoint !== undefined && (inEndpoint < 1 || inEndpoint > 65_535)) {
    faults.push({ path: 'endpoint', message: `names port ${inEndpoint}` })
  } else if (inEndpoint !== undefined && inEndpoint !== port) {
    faults.push({ path: 'port', message: `contradicts the port in endpoint (${inEndpoint}): leave one of them out` })
  }
  if (credentials.password !== undefined && credentials.username === undefined) {
    faults.push({ path: 'credentials.password', message: 'needs a username beside it' })
  }
  if (settings.security_mode === 'None' && settings.security_policy !== 'best') {
    faults.push({
      path: 'additional_config.security_policy',
      message: 'has no use while security_mode is None: leave it out',
    })
  }
  if (settings.subscribe && points.length === 0) {
    faults.push({ path: 'additional_config.subscribe', message: 'is for points: name some, or leave it out' })
  }
  return faults
}
