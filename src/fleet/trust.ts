import { X509Certificate } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { OwnCertificate, Trust } from '#connector'
import { BakewireError, type Clock } from '#core'
import type { CertificateStore, SeenCertificate } from '#store'

/** Certificates that this process knows to be trusted; more are more machines than one process polls. */
const knownMax = 10_000
/** How long a connection waits for the database to say what is known already. */
const patienceMs = 1_000
/** Longer names are no names; they would only fill the list. */
const nameLengthMax = 500

interface TrustOptions {
  readonly certificates: Pick<CertificateStore, 'see' | 'own'>
  readonly clock: Clock
}

/** The trust list as the links of this worker see it. What was trusted stays so while the database is away, so that machines are polled on. */
export function createTrust({ certificates, clock }: TrustOptions): Trust {
  const known = new Set<string>()
  let own: Promise<OwnCertificate> | undefined

  const isTrusted = async (seen: SeenCertificate): Promise<boolean> => {
    const asked = certificates.see(seen)
    if (!known.has(seen.fingerprint)) return asked
    const answered = asked.catch((error: unknown) => {
      if (error instanceof BakewireError && error.code === 'UNAVAILABLE') return true
      throw error
    })
    const ended = new AbortController()
    const silence = sleep(patienceMs, true, { signal: ended.signal, ref: false }).catch(() => true)
    try {
      return await Promise.race([answered, silence])
    } finally {
      ended.abort()
    }
  }

  return {
    async check(certificate, from) {
      const seen = describe(certificate, from)
      const trusted = await isTrusted(seen)
      if (trusted && known.size < knownMax) known.add(seen.fingerprint)
      else known.delete(seen.fingerprint)
      // Before anything else: to trust it would help nobody.
      refuseOutdated(seen, clock.now())
      if (!trusted) throw unknown(seen)
    },
    own(make) {
      // One that could not be had is asked for again by the next link.
      own ??= certificates.own(make).catch((error: unknown) => {
        own = undefined
        throw error
      })
      return own
    },
  }
}

function describe(certificate: Uint8Array, from: string): SeenCertificate {
  try {
    const { fingerprint256, subject, issuer, validFromDate, validToDate } = new X509Certificate(certificate)
    return {
      fingerprint: fingerprint256.replaceAll(':', '').toLowerCase(),
      subject: nameOf(subject),
      issuer: nameOf(issuer),
      valid_from: validFromDate,
      valid_until: validToDate,
      seen_from: from,
    }
  } catch (cause) {
    throw new BakewireError('CERTIFICATE_REJECTED', `${from} shows a certificate that cannot be read`, { cause })
  }
}

/** On one line, without what cannot be stored or shown. */
function nameOf(name: string | undefined): string {
  const line = (name ?? '').replaceAll('\n', ', ').replace(/\p{Cc}/gu, '')
  return line.toWellFormed().slice(0, nameLengthMax)
}

function unknown({ fingerprint, seen_from: from }: SeenCertificate): BakewireError {
  const told = `${from} shows a certificate that nobody has trusted yet, SHA-256 ${fingerprint}`
  const todo = `compare it with what the machine shows, then POST /api/v1/opc-ua/certificates/${fingerprint}/trust`
  return new BakewireError('CERTIFICATE_REJECTED', `${told}: ${todo}`)
}

function refuseOutdated(seen: SeenCertificate, now: number): void {
  const { valid_from: from, valid_until: until, seen_from: where } = seen
  if (now > until.getTime()) {
    const message = `the certificate of ${where} has expired on ${dayOf(until)}: give the machine a new one`
    throw new BakewireError('CERTIFICATE_REJECTED', message)
  }
  if (now < from.getTime()) {
    const message = `the certificate of ${where} is valid from ${dayOf(from)} on only: are the clocks of the machine and of Bakewire set?`
    throw new BakewireError('CERTIFICATE_REJECTED', message)
  }
}

function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10)
}
