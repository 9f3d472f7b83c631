import { generateKeyPairSync } from 'node:crypto'
import { expect, it } from 'vitest'
import { makeCertificate } from './make-certificate.ts'
import { clientKeyFault, isPemCertificates } from './pem.ts'

const own = makeCertificate({ name: 'client' })
const other = makeCertificate({ name: 'other' })

it.each([
  ['one certificate', own.cert, true],
  ['two with words between them', `${own.cert}\nthe root:\n${other.cert}`, true],
  ['a key', own.key, false],
  ['nothing', '', false],
  ['letters in the form of one', '-----BEGIN CERTIFICATE-----\nabcd\n-----END CERTIFICATE-----', false],
  ['a good one and a broken one', `${own.cert}-----BEGIN CERTIFICATE-----\nab\n-----END CERTIFICATE-----`, false],
])('%s', (_name, text, is) => {
  expect(isPemCertificates(text)).toBe(is)
})

it('a key belongs to its certificate, has no passphrase and is one', () => {
  const locked = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' },
  }).privateKey
  expect(clientKeyFault(own.key, own.cert)).toBeUndefined()
  expect(clientKeyFault(other.key, own.cert)).toBe('does not belong to client_certificate')
  expect(clientKeyFault(locked, own.cert)).toBe('must be a private key in PEM form, without passphrase')
  expect(clientKeyFault('x', own.cert)).toBe('must be a private key in PEM form, without passphrase')
})
