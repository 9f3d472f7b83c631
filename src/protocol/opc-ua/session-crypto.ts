import {
  constants,
  createPublicKey,
  createSign,
  createVerify,
  type KeyObject,
  publicEncrypt,
  X509Certificate,
} from 'node:crypto'
import { BakewireError } from '#core'

/** The policies that are not outdated (OPC 10000-7, 6.6), best first. */
export const securityPolicies = ['Aes256_Sha256_RsaPss', 'Basic256Sha256', 'Aes128_Sha256_RsaOaep'] as const
export type SecurityPolicyName = (typeof securityPolicies)[number]

export const outdatedPolicies = ['Basic128Rsa15', 'Basic256'] as const

export const policyUri = (name: SecurityPolicyName | 'None' | (typeof outdatedPolicies)[number]) =>
  `http://opcfoundation.org/UA/SecurityPolicy#${name}`

export function policyOfUri(uri: string): SecurityPolicyName | undefined {
  return securityPolicies.find((name) => policyUri(name) === uri)
}

interface Algorithms {
  readonly signature: string
  readonly padding: number
  readonly encryption: string
  readonly oaepHash: string
  /** Bytes of a block that OAEP takes: 2 hashes and 2. */
  readonly overhead: number
}

const sha1: Pick<Algorithms, 'encryption' | 'oaepHash' | 'overhead'> = {
  encryption: 'http://www.w3.org/2001/04/xmlenc#rsa-oaep',
  oaepHash: 'sha1',
  overhead: 42,
}
const pkcs1: Pick<Algorithms, 'signature' | 'padding'> = {
  signature: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  padding: constants.RSA_PKCS1_PADDING,
}

/** OPC 10000-7, 6.6.161 to 6.6.165. */
const algorithms: Readonly<Record<SecurityPolicyName, Algorithms>> = {
  Basic256Sha256: { ...pkcs1, ...sha1 },
  Aes128_Sha256_RsaOaep: { ...pkcs1, ...sha1 },
  Aes256_Sha256_RsaPss: {
    signature: 'http://opcfoundation.org/UA/security/rsa-pss-sha2-256',
    padding: constants.RSA_PKCS1_PSS_PADDING,
    encryption: 'http://opcfoundation.org/UA/security/rsa-oaep-sha2-256',
    oaepHash: 'sha256',
    overhead: 66,
  },
}

/** OPC 10000-7: keys of these lengths are taken by all three policies. */
const keyBits = { min: 2_048, max: 4_096 }

/** The key in a server's certificate. Throws CERTIFICATE_REJECTED for one that the policies do not allow. */
export function publicKeyOf(certificate: Uint8Array): KeyObject {
  const key = readKey(certificate)
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
  if (key.asymmetricKeyType === 'rsa' && bits >= keyBits.min && bits <= keyBits.max) return key
  const what = `the server's certificate must have an RSA key of ${keyBits.min} to ${keyBits.max} bits`
  throw new BakewireError('CERTIFICATE_REJECTED', `${what}, not ${key.asymmetricKeyType} ${bits}`)
}

function readKey(certificate: Uint8Array): KeyObject {
  try {
    return new X509Certificate(certificate).publicKey
  } catch (cause) {
    throw new BakewireError('CERTIFICATE_REJECTED', "the server's certificate cannot be read", { cause })
  }
}

/** Servers may show a chain, one certificate behind the other: the first is their own. */
export function ownCertificateIn(chain: Buffer): Buffer {
  // DER (ITU-T X.690): a sequence whose length takes two bytes, as every certificate of such a key has.
  const isSequence = chain.length > 4 && chain[0] === 0x30 && chain[1] === 0x82
  return isSequence ? chain.subarray(0, 4 + chain.readUInt16BE(2)) : chain
}

/** OPC 10000-4, 5.6.3: who signs proves to own the key, for what the other side has just sent. */
export function signatureOf(policy: SecurityPolicyName, key: string, ...parts: readonly Uint8Array[]) {
  const { signature: algorithm, padding } = algorithms[policy]
  const sign = createSign('RSA-SHA256')
  for (const part of parts) sign.update(part)
  return { algorithm, signature: sign.sign({ key, padding, saltLength: 32 }) }
}

export function isSignedBy(
  policy: SecurityPolicyName,
  key: KeyObject,
  signed: readonly Uint8Array[],
  signature: Uint8Array,
): boolean {
  const verify = createVerify('RSA-SHA256')
  for (const part of signed) verify.update(part)
  return verify.verify({ key, padding: algorithms[policy].padding, saltLength: 32 }, signature)
}

/** OPC 10000-4, 7.41.2.2: the password and the server's nonce behind their length, in blocks as long as the key allows. */
export function encryptedPassword(
  policy: SecurityPolicyName,
  certificate: Uint8Array,
  password: string,
  nonce: Uint8Array,
) {
  const { encryption, oaepHash, overhead } = algorithms[policy]
  const key = createPublicKey(publicKeyOf(certificate).export({ type: 'spki', format: 'pem' }))
  const secret = Buffer.concat([Buffer.from(password), nonce])
  const length = Buffer.alloc(4)
  length.writeUInt32LE(secret.length)
  const plain = Buffer.concat([length, secret])
  const step = (key.asymmetricKeyDetails?.modulusLength ?? keyBits.min) / 8 - overhead
  const blocks: Buffer[] = []
  for (let at = 0; at < plain.length; at += step) {
    const block = plain.subarray(at, at + step)
    blocks.push(publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, block))
  }
  return { encryptionAlgorithm: encryption, password: Buffer.concat(blocks) }
}
