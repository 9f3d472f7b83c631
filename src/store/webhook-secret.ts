import { randomBytes } from 'node:crypto'

const prefix = 'whsec_'
/** Standard Webhooks 1.0: between 24 and 64 bytes. */
const bytesMin = 24
const bytesMax = 64

/** A new secret of a webhook, in the spelling of Standard Webhooks. */
export function newWebhookSecret(): string {
  return prefix + randomBytes(32).toString('base64')
}

/** The bytes of a secret `whsec_<base64>`; `undefined` when the text is none. */
export function webhookSecretBytes(text: string): Buffer | undefined {
  if (!text.startsWith(prefix)) return undefined
  const encoded = text.slice(prefix.length)
  const bytes = Buffer.from(encoded, 'base64')
  const isCanonical = bytes.toString('base64') === encoded
  return isCanonical && bytes.length >= bytesMin && bytes.length <= bytesMax ? bytes : undefined
}
