import { createHash } from 'node:crypto'
import { BakewireError, type OwnCertificate, type Trust } from '#connector'

let made: Promise<OwnCertificate> | undefined

/** A trust list that lasts as long as the test; `distrusted` holds the fingerprints that it does not trust. Keys are made once per process. */
export function createPassingTrust(distrusted: ReadonlySet<string> = new Set()): Trust {
  return {
    async check(certificate) {
      const fingerprint = createHash('sha256').update(certificate).digest('hex')
      if (distrusted.has(fingerprint)) throw new BakewireError('CERTIFICATE_REJECTED', `${fingerprint} is not trusted`)
    },
    own(make) {
      made ??= make()
      return made
    },
  }
}

/** A trust list that lasts as long as the test and takes the first certificate that it sees, and no other. */
export function createFirstTrust(): Trust {
  const { own } = createPassingTrust()
  let first: string | undefined
  return {
    async check(certificate, from) {
      const fingerprint = createHash('sha256').update(certificate).digest('hex')
      first ??= fingerprint
      if (fingerprint === first) return
      throw new BakewireError('CERTIFICATE_REJECTED', `the certificate of ${from} is not trusted`)
    },
    own,
  }
}
