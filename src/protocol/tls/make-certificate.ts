import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** A certificate with its key, as PEM. */
export interface MadeCertificate {
  readonly cert: string
  readonly key: string
  readonly name: string
}

export interface CertificateWish {
  /** The common name. */
  readonly name: string
  /** Host names and addresses that it is for; none: an authority. */
  readonly hosts?: readonly string[]
  /** Who signs it; absent: itself. */
  readonly issuer?: MadeCertificate
  /** Milliseconds since 1970; default: since yesterday, for ten days. */
  readonly validFrom?: number
  readonly validUntil?: number
  /** Default: P-256. OPC UA wants RSA. */
  readonly keyType?: 'ec' | 'rsa'
}

const dayMs = 86_400_000

/**
 * Makes an X.509 v3 certificate (RFC 5280) that a P-256 key signs, so with an `issuer` where its own is another one: for
 * simulated machines and tests, so that no key lies in a repository.
 */
export function makeCertificate({ name, hosts = [], issuer, keyType, ...validity }: CertificateWish): MadeCertificate {
  const { validFrom = Date.now() - dayMs, validUntil = Date.now() + 10 * dayMs } = validity
  const { publicKey, privateKey } =
    keyType === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: 2_048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const signingKey: KeyObject = issuer ? createPrivateKey(issuer.key) : privateKey
  const toBeSigned = sequence(
    tagged(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ecdsaWithSha256,
    distinguishedName(issuer?.name ?? name),
    sequence(time(validFrom), time(validUntil)),
    distinguishedName(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(hosts.length > 0 ? alternativeNames(hosts) : authority)),
  )
  const certificate = sequence(toBeSigned, ecdsaWithSha256, bitString(sign('sha256', toBeSigned, signingKey)))
  return {
    cert: pem(certificate),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    name,
  }
}

// DER (ITU-T X.690): tag, length, content.
function tagged(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents)
  const { length } = content
  const head = length < 0x80 ? [tag, length] : [tag, 0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from(head), content])
}
const sequence = (...parts: readonly Uint8Array[]) => tagged(0x30, ...parts)
const integer = (bytes: Uint8Array) => tagged(0x02, bytes)
const octets = (bytes: Uint8Array) => tagged(0x04, bytes)
const bitString = (bytes: Uint8Array) => tagged(0x03, Buffer.from([0]), bytes)
const objectId = (...bytes: readonly number[]) => tagged(0x06, Buffer.from(bytes))

/** 1.2.840.10045.4.3.2 */
const ecdsaWithSha256 = sequence(objectId(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02))
/** 2.5.29.19, critical, with cA TRUE */
const authority = sequence(
  objectId(0x55, 0x1d, 0x13),
  tagged(0x01, Buffer.from([0xff])),
  octets(sequence(tagged(0x01, Buffer.from([0xff])))),
)

function distinguishedName(commonName: string): Buffer {
  return sequence(tagged(0x31, sequence(objectId(0x55, 0x04, 0x03), tagged(0x0c, Buffer.from(commonName)))))
}

function alternativeNames(hosts: readonly string[]): Buffer {
  const names = hosts.map((host) =>
    isIP(host) === 0 ? tagged(0x82, Buffer.from(host)) : tagged(0x87, Buffer.from(ipaddr.parse(host).toByteArray())),
  )
  return sequence(objectId(0x55, 0x1d, 0x11), octets(sequence(...names)))
}

function time(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replace(/\.\d+Z$|\D/g, '')
  return tagged(0x18, Buffer.from(`${digits}Z`))
}

function pem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}
