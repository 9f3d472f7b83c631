import { constants, privateDecrypt, X509Certificate } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { makeCertificate } from '#protocol/tls'
import { applicationUri, makeOwnCertificate } from './make-own-certificate.ts'
import {
  encryptedPassword,
  isSignedBy,
  ownCertificateIn,
  policyOfUri,
  policyUri,
  publicKeyOf,
  securityPolicies,
  signatureOf,
} from './session-crypto.ts'

let key: string
let certificate: Buffer
beforeAll(async () => {
  const made = await makeOwnCertificate()
  key = made.key
  certificate = new X509Certificate(made.certificate).raw
})

it('makes a certificate that servers know the application by', () => {
  const made = new X509Certificate(certificate)
  expect(made.subjectAltName).toContain(`URI:${applicationUri}`)
  expect(made.subject).toBe('CN=Bakewire')
  expect(made.verify(made.publicKey)).toBe(true)
  expect(made.validToDate.getTime()).toBeGreaterThan(Date.now() + 20 * 365 * 86_400_000)
})

describe.each(securityPolicies)('%s', (policy) => {
  const nonce = Buffer.alloc(32, 7)

  it('knows what was signed by a key from what was not', () => {
    const { signature } = signatureOf(policy, key, certificate, nonce)
    const signer = publicKeyOf(certificate)
    expect(isSignedBy(policy, signer, [certificate, nonce], signature)).toBe(true)
    expect(isSignedBy(policy, signer, [certificate, Buffer.alloc(32, 8)], signature)).toBe(false)
    expect(isSignedBy(policy, signer, [certificate, nonce], Buffer.alloc(256))).toBe(false)
    for (const other of securityPolicies) {
      const isSame = signatureOf(other, key, nonce).algorithm === signatureOf(policy, key, nonce).algorithm
      expect(isSignedBy(other, signer, [certificate, nonce], signature)).toBe(isSame)
    }
  })

  it.each(['', 'secret', 'ü'.repeat(300)])('encrypts a password with the nonce, block by block (%#)', (password) => {
    const encrypted = encryptedPassword(policy, certificate, password, nonce)
    const oaepHash = policy === 'Aes256_Sha256_RsaPss' ? 'sha256' : 'sha1'
    const plain: Buffer[] = []
    for (let at = 0; at < encrypted.password.length; at += 256) {
      const block = encrypted.password.subarray(at, at + 256)
      plain.push(privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, block))
    }
    const whole = Buffer.concat(plain)
    expect(whole.readUInt32LE(0)).toBe(whole.length - 4)
    expect(whole.subarray(4)).toEqual(Buffer.concat([Buffer.from(password), nonce]))
  })

  it('is known by its URI', () => {
    expect(policyOfUri(policyUri(policy))).toBe(policy)
  })
})

it('knows no outdated policy', () => {
  for (const name of ['None', 'Basic128Rsa15', 'Basic256']) {
    expect(policyOfUri(`http://opcfoundation.org/UA/SecurityPolicy#${name}`)).toBeUndefined()
  }
})

describe('a certificate of a server', () => {
  it('is the first of a chain', () => {
    expect(ownCertificateIn(Buffer.concat([certificate, certificate]))).toEqual(certificate)
    expect(ownCertificateIn(certificate)).toEqual(certificate)
    for (const bytes of [Buffer.alloc(0), Buffer.from([0x30, 0x82, 0xff]), Buffer.from('text')]) {
      expect(ownCertificateIn(bytes)).toEqual(bytes)
    }
  })

  it('must have a key that the policies allow', () => {
    const curve = new X509Certificate(makeCertificate({ name: 'oven' }).cert).raw
    expect(() => publicKeyOf(curve)).toThrow('must have an RSA key of 2048 to 4096 bits, not ec')
    expect(() => publicKeyOf(Buffer.from('text'))).toThrow('cannot be read')
  })
})
