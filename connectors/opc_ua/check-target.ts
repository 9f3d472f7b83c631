import { createPrivateKey } from 'node:crypto'
import { parseEndpoint } from '#protocol/opc-ua'
import { clientKeyFault, isPemCertificates } from '#protocol/tls'
import type { OpcUaTarget } from './schemas.ts'

type Fault = { readonly path: string; readonly message: string }

/** What is wrong with a target beyond the form of each field. */
export function checkTarget({ endpoint, port, credentials, settings }: OpcUaTarget): Fault[] {
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
  faults.push(...certificateFaults(credentials))
  if (settings.security_mode === 'None' && settings.security_policy !== 'best') {
    faults.push({
      path: 'additional_config.security_policy',
      message: 'has no use while security_mode is None: leave it out',
    })
  }
  return faults
}

function certificateFaults({ username, certificate, key }: OpcUaTarget['credentials']): Fault[] {
  const at = (name: string, message: string) => [{ path: `credentials.${name}`, message }]
  if (certificate === undefined) return key === undefined ? [] : at('key', 'needs a certificate beside it')
  if (username !== undefined) return at('certificate', 'contradicts username: leave one of them out')
  if (!isPemCertificates(certificate)) return at('certificate', 'must be a certificate in PEM form')
  if (key === undefined) return at('key', 'is missing: the certificate is no use without it')
  const belongs = clientKeyFault(key, certificate) === undefined && createPrivateKey(key).asymmetricKeyType === 'rsa'
  return belongs ? [] : at('key', 'must be the RSA key of the certificate, in PEM form, without passphrase')
}
