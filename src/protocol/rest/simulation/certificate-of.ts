import { type MadeCertificate, makeCertificate } from '#protocol/tls'
import type { RestEquipment } from './rest-equipment.ts'

const dayMs = 86_400_000
const host = '127.0.0.1'

/** A certificate of the kind that is wished for, and the authority that a client would have to trust. */
export function certificateOf(kind: NonNullable<RestEquipment['certificate']>): {
  readonly certificate: MadeCertificate
  readonly ca: string | undefined
} {
  const issuer = makeCertificate({ name: 'Simulated bakery' })
  const ca = issuer.cert
  switch (kind) {
    case 'good':
      return { certificate: makeCertificate({ name: 'oven', hosts: [host], issuer }), ca }
    case 'stranger':
      return { certificate: makeCertificate({ name: 'oven', hosts: [host], issuer }), ca: undefined }
    case 'selfSigned':
      return { certificate: makeCertificate({ name: 'oven', hosts: [host] }), ca: undefined }
    case 'otherHost':
      return { certificate: makeCertificate({ name: 'oven', hosts: ['other.test'], issuer }), ca }
    case 'expired': {
      const validity = { validFrom: Date.now() - 9 * dayMs, validUntil: Date.now() - dayMs }
      return { certificate: makeCertificate({ name: 'oven', hosts: [host], issuer, ...validity }), ca }
    }
  }
}
