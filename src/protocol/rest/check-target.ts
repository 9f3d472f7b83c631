import { isPemCertificates } from '#protocol/tls'
import { filledIn, portInEndpoint } from './request-parts.ts'
import type { RestTarget } from './schemas.ts'

type Fault = { readonly path: string; readonly message: string }

/** Headers that the HTTP client itself or another credential sets, or that change what a request means. */
const reservedHeaders = new Set([
  'accept',
  'accept-encoding',
  'authorization',
  'connection',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'user-agent',
])

/** What is wrong with a target beyond the form of each field. */
export function checkTarget(target: RestTarget): Fault[] {
  return [
    ...portFaults(target),
    ...pathFaults(target),
    ...documentFaults(target),
    ...credentialFaults(target),
    ...clientFaults(target),
    ...certificateFaults(target),
  ]
}

function portFaults({ endpoint, port }: RestTarget): Fault[] {
  const inEndpoint = portInEndpoint(endpoint)
  if (inEndpoint === 0) return [{ path: 'endpoint', message: 'names port 0' }]
  if (inEndpoint === undefined || inEndpoint === port) return []
  return [{ path: 'port', message: `contradicts the port in endpoint (${inEndpoint}): leave one of them out` }]
}

function pathFaults(target: RestTarget): Fault[] {
  const { settings } = target
  const paths = { data_endpoint: settings.data_endpoint, status_endpoint: settings.status_endpoint ?? '' }
  return Object.entries(paths)
    .filter(([, path]) => /[{}]/.test(filledIn(path, target)))
    .map(([name]) => ({
      path: `additional_config.${name}`,
      message: 'holds a placeholder in braces that nothing replaces',
    }))
}

function documentFaults({ settings, points }: RestTarget): Fault[] {
  if (settings.status_endpoint !== undefined) {
    const isOnlyStatus = points.length > 0 && points.every(({ address }) => address.from === 'status')
    if (settings.timestamp_pointer === undefined || !isOnlyStatus) return []
    const message = 'is looked for in the data document, from which no point is'
    return [{ path: 'additional_config.timestamp_pointer', message }]
  }
  const message = 'names the status document: status_endpoint must say where it is'
  return points.flatMap(({ address }, index) =>
    address.from === 'status' ? { path: `additional_config.points[${index}].from`, message } : [],
  )
}

function credentialFaults({ credentials, settings }: RestTarget): Fault[] {
  const faults: Fault[] = []
  if (settings.auth === 'digest' && credentials.username === undefined) {
    faults.push({ path: 'additional_config.auth', message: 'needs credentials.username for digest' })
  }
  if (settings.auth === 'digest' && credentials.token !== undefined) {
    faults.push({ path: 'credentials.token', message: 'is sent in the place of digest: leave one of them out' })
  }
  if (credentials.password !== undefined && credentials.username === undefined) {
    faults.push({ path: 'credentials.password', message: 'needs a username beside it' })
  }
  if (reservedHeaders.has(settings.api_key_header.toLowerCase())) {
    const message = 'is a header that has another meaning: a bearer token goes into credentials.token'
    faults.push({ path: 'additional_config.api_key_header', message })
  }
  return faults
}

/** OAuth2: what belongs together, and what cannot be sent beside it. */
function clientFaults({ endpoint, credentials, settings }: RestTarget): Fault[] {
  const { client_id, client_secret, refresh_token } = credentials
  const { token_url: tokenUrl } = settings
  if (client_id === undefined) {
    const needing = { 'credentials.client_secret': client_secret, 'credentials.refresh_token': refresh_token }
    const settingsNeeding = { 'additional_config.token_url': tokenUrl, 'additional_config.scope': settings.scope }
    return Object.entries({ ...needing, ...settingsNeeding })
      .filter(([, given]) => given !== undefined)
      .map(([path]) => ({ path, message: 'needs credentials.client_id beside it' }))
  }
  const faults: Fault[] = []
  for (const name of ['token', 'username'] as const) {
    const message = 'cannot be sent beside the tokens that client_id is for: leave one of them out'
    if (credentials[name] !== undefined) faults.push({ path: `credentials.${name}`, message })
  }
  if (client_secret === undefined && refresh_token === undefined) {
    faults.push({ path: 'credentials.client_id', message: 'needs client_secret, refresh_token or both beside it' })
  }
  if (tokenUrl === undefined) {
    faults.push({ path: 'additional_config.token_url', message: 'must say where tokens are got with client_id' })
  } else if (/^https:/i.test(endpoint) && !/^https:/i.test(tokenUrl)) {
    faults.push({ path: 'additional_config.token_url', message: 'must be https:// as the address is' })
  }
  return faults
}

function certificateFaults({ endpoint, settings }: RestTarget): Fault[] {
  if (settings.ca === undefined) return []
  const path = 'additional_config.ca'
  const addresses = [endpoint, settings.token_url ?? '']
  if (!addresses.some((address) => /^https:/i.test(address))) return [{ path, message: 'is for https:// addresses' }]
  if (!settings.verify_ssl) return [{ path, message: 'has no use while verify_ssl is false: leave one of them out' }]
  if (isPemCertificates(settings.ca)) return []
  return [{ path, message: 'must be certificates in PEM form (-----BEGIN CERTIFICATE----- …)' }]
}
