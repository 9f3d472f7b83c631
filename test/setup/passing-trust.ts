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
