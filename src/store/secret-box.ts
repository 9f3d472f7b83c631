import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { BakewireError } from '#core'

/** Encryption keys by id; the first encrypts, all decrypt. Each 32 bytes. */
export type KeyRing = readonly { readonly id: string; readonly key: Buffer }[]

/** What a sealed value belongs to. Opened under any other binding it is refused, so a row copied over another is useless. */
export interface Binding {
  /** Table and row, for instance `equipment/6f1c…`. */
  readonly record: string
  readonly field: string
  /** Where the secret may be sent: protocol, host and port. */
  readonly target: string
}

export interface SecretBox {
  seal(value: unknown, binding: Binding): Buffer
  /** Throws INTERNAL when the key is unknown, the binding is another one or a bit is wrong. */
  open(sealed: Buffer, binding: Binding): unknown
}

const formatVersion = 1
const nonceBytes = 12
const tagBytes = 16

/** AES-256-GCM; layout: version, length of key id, key id, nonce, tag, ciphertext. The header and the binding are authenticated. */
export function createSecretBox(keys: KeyRing): SecretBox {
  const [current] = keys
  if (!current) throw new Error('the key ring is empty')
  return {
    seal(value, binding) {
      const keyId = Buffer.from(current.id)
      const header = Buffer.from([formatVersion, keyId.length, ...keyId])
      const nonce = randomBytes(nonceBytes)
      const cipher = createCipheriv('aes-256-gcm', current.key, nonce)
      cipher.setAAD(associatedData(header, binding))
      const ciphertext = Buffer.concat([cipher.update(JSON.stringify(value)), cipher.final()])
      return Buffer.concat([header, nonce, cipher.getAuthTag(), ciphertext])
    },
    open(sealed, binding) {
      const [version, keyIdLength = 0] = sealed
      const header = sealed.subarray(0, 2 + keyIdLength)
      const keyId = header.subarray(2).toString()
      const key = keys.find((candidate) => candidate.id === keyId)?.key
      if (version !== formatVersion || sealed.length < header.length + nonceBytes + tagBytes) throw broken(binding)
      if (!key)
        throw new BakewireError(
          'INTERNAL',
          `opening ${binding.record}: no encryption key with the id ${keyId} is configured`,
        )
      const body = sealed.subarray(header.length)
      const decipher = createDecipheriv('aes-256-gcm', key, body.subarray(0, nonceBytes))
      decipher.setAAD(associatedData(header, binding))
      decipher.setAuthTag(body.subarray(nonceBytes, nonceBytes + tagBytes))
      try {
        const text = Buffer.concat([decipher.update(body.subarray(nonceBytes + tagBytes)), decipher.final()])
        return JSON.parse(text.toString())
      } catch (cause) {
        throw broken(binding, cause)
      }
    },
  }
}

function associatedData(header: Buffer, { record, field, target }: Binding): Buffer {
  return Buffer.concat([header, Buffer.from(JSON.stringify([record, field, target]))])
}

function broken(binding: Binding, cause?: unknown): BakewireError {
  return new BakewireError(
    'INTERNAL',
    `opening ${binding.record}: the stored secret was made for another row, address or key`,
    { cause },
  )
}
