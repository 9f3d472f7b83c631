import type { OwnCertificate } from '#connector'

/** The name by which servers know every installation; it stands in the certificate, too. */
export const applicationUri = 'urn:bakewire:client'

/** What the policies want: RSA with 2,048 bits (OPC 10000-7, 6.6). */
const keyBits = 2_048
/** Servers check it, and nobody renews it: longer than a machine lives. */
const years = 30

/** Makes the certificate by which servers know Bakewire (OPC 10000-6, 6.2.2), self-signed as clients' certificates mostly are. */
export async function makeOwnCertificate(): Promise<OwnCertificate> {
  const crypto = await import('node-opcua-crypto')
  const { privateKey } = await crypto.generateKeyPair(keyBits)
  const now = Date.now()
  const { cert: certificate } = await crypto.createSelfSignedCertificate({
    privateKey,
    // Machines whose clock is a little behind take it at once.
    notBefore: new Date(now - 86_400_000),
    notAfter: new Date(now + years * 365 * 86_400_000),
    subject: 'CN=Bakewire',
    dns: [],
    ip: [],
    applicationUri,
    purpose: crypto.CertificatePurpose.ForApplication,
  })
  const { privPem: key } = await crypto.privateKeyToPEM(privateKey)
  return { certificate, key }
}
