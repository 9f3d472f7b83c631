import { X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { BakewireError, systemClock } from '#core'
import { makeCertificate } from '#protocol/tls'
import type { SeenCertificate } from '#store'
import { createTrust } from './trust.ts'

const dayMs = 86_400_000
const derOf = (pem: string) => new X509Certificate(pem).raw

/** The store as it behaves with a few rows, and without its database. */
function openStore() {
  const seen: SeenCertificate[] = []
  const trusted = new Set<string>()
  const state = { isAway: false, isFrozen: false, made: 0 }
  const away = () => {
    if (state.isAway) throw new BakewireError('UNAVAILABLE', 'the database is not available')
  }
  return {
    seen,
    trusted,
    state,
    see: async (given: SeenCertificate) => {
      away()
      if (state.isFrozen) await new Promise(() => undefined)
      seen.push(given)
      return trusted.has(given.fingerprint)
    },
    own: async (make: () => Promise<{ certificate: string; key: string }>) => {
      away()
      state.made += 1
      return make()
    },
  }
}

const oven = derOf(makeCertificate({ name: 'oven' }).cert)
const fingerprint = new X509Certificate(oven).fingerprint256.replaceAll(':', '').toLowerCase()

it('refuses what nobody has trusted, notes it, and says what to do', async () => {
  const certificates = openStore()
  const trust = createTrust({ certificates, clock: systemClock })
  await expect(trust.check(oven, 'oven:4840')).rejects.toMatchObject({
    code: 'CERTIFICATE_REJECTED',
    message: expect.stringContaining(`/api/v1/opc-ua/certificates/${fingerprint}/trust`),
  })
  expect(certificates.seen).toMatchObject([{ fingerprint, subject: 'CN=oven', seen_from: 'oven:4840' }])
  certificates.trusted.add(fingerprint)
  await trust.check(oven, 'oven:4840')
})

it('goes on trusting while the database is away or frozen, and nothing that it did not know', async () => {
  const certificates = openStore()
  const trust = createTrust({ certificates, clock: systemClock })
  certificates.trusted.add(fingerprint)
  await trust.check(oven, 'oven:4840')
  certificates.state.isAway = true
  await trust.check(oven, 'oven:4840')
  const other = derOf(makeCertificate({ name: 'other' }).cert)
  await expect(trust.check(other, 'oven:4840')).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  certificates.state.isAway = false
  certificates.state.isFrozen = true
  await trust.check(oven, 'oven:4840')
  certificates.state.isFrozen = false
  certificates.trusted.clear()
  await expect(trust.check(oven, 'oven:4840')).rejects.toMatchObject({ code: 'CERTIFICATE_REJECTED' })
  certificates.state.isAway = true
  await expect(trust.check(oven, 'oven:4840')).rejects.toMatchObject({ code: 'UNAVAILABLE' })
})

describe.each([
  ['has expired on', { validUntil: Date.now() - dayMs }],
  ['is valid from', { validFrom: Date.now() + dayMs }],
])('one that %s', (words, validity) => {
  it.each([true, false])('is refused, and noted, trusted (%s) or not', async (isTrusted) => {
    const certificates = openStore()
    const trust = createTrust({ certificates, clock: systemClock })
    const certificate = derOf(makeCertificate({ name: 'oven', ...validity }).cert)
    if (isTrusted)
      certificates.trusted.add(new X509Certificate(certificate).fingerprint256.replaceAll(':', '').toLowerCase())
    await expect(trust.check(certificate, 'oven:4840')).rejects.toThrow(words)
    expect(certificates.seen).toMatchObject([{ subject: 'CN=oven' }])
  })
})

it.each([Buffer.alloc(0), Buffer.from('no certificate'), Buffer.alloc(1_000, 0x30)])(
  'refuses what is no certificate',
  async (bytes) => {
    const trust = createTrust({ certificates: openStore(), clock: systemClock })
    await expect(trust.check(bytes, 'oven:4840')).rejects.toMatchObject({ code: 'CERTIFICATE_REJECTED' })
  },
)

it('has its own certificate from the store, once', async () => {
  const certificates = openStore()
  const trust = createTrust({ certificates, clock: systemClock })
  const make = async () => ({ certificate: 'c', key: 'k' })
  certificates.state.isAway = true
  await expect(trust.own(make)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  certificates.state.isAway = false
  expect(await Promise.all([trust.own(make), trust.own(make)])).toEqual([await make(), await make()])
  expect(certificates.state.made).toBe(1)
})
