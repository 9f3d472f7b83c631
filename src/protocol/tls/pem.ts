import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'

/** Whether a text is one or more certificates in PEM form and nothing is wrong with any. */
export function isPemCertificates(text: string): boolean {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  return blocks.length > 0 && blocks.every((pem) => certificateOf(pem) !== undefined)
}

/** What is wrong with a client's private key beside its certificate, undefined where nothing is. */
export function clientKeyFault(key: string, certificate: string): string | undefined {
  const privateKey = keyOf(key)
  if (!privateKey) return 'must be a private key in PEM form, without passphrase'
  return certificateOf(certificate)?.checkPrivateKey(privateKey) ? undefined : 'does not belong to client_certificate'
}

function certificateOf(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem)
  } catch {
    return undefined
  }
}

function keyOf(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem)
  } catch {
    return undefined
  }
}
