import { z } from 'zod'
import { severities } from '#core'
import { languages, webhookSecretBytes } from '#store'

const name = z
  .string()
  .min(1)
  .max(200)
  .regex(/^\P{Cc}*$/u, 'must not contain control characters')
  .meta({ title: 'Name', description: 'How people call the channel; without one, the host of its address.' })

const url = z
  .string()
  .max(2_000)
  .refine(isWebhookUrl, 'must be an http:// or https:// address without user and fragment')
  .meta({ title: 'Address', description: 'Where messages are sent by POST.' })

const secretForm = 'must be whsec_ and then 24 to 64 bytes in base64 (Standard Webhooks)'
const isSecret = (text: string) => webhookSecretBytes(text) !== undefined

const secret = z.string().max(200).refine(isSecret, secretForm).meta({
  title: 'Secret',
  description: 'Signs the messages (Standard Webhooks); without one, one is made.',
  secret: true,
})

const wanted = z
  .array(z.enum(severities))
  .min(1)
  .max(severities.length)
  .refine((list) => new Set(list).size === list.length, 'must not name a severity twice')
  .meta({ title: 'Severities' })

const language = z.enum(languages).meta({ title: 'Language', description: 'Language of title and message.' })
const enabled = z.boolean().meta({ title: 'Enabled' })

/** Where messages go: the body of the API. */
export const channelSchema = z
  .strictObject({
    kind: z.literal('webhook'),
    name: name.optional(),
    url,
    secret: secret.optional(),
    severities: wanted.default([...severities]),
    language: language.default('en'),
    enabled: enabled.default(true),
  })
  .meta({ title: 'Notification channel' })

const newOrKept = z
  .string()
  .max(200)
  .refine((text) => text === '***' || isSecret(text), `${secretForm}, or *** to keep it`)
  .meta({ title: 'Secret', secret: true })

/** A change of a channel: only what is to change. `"***"` keeps the secret. */
export const channelPatchSchema = z
  .strictObject({ name, url, secret: newOrKept, severities: wanted, language, enabled })
  .partial()
  .meta({ title: 'Notification channel change' })

function isWebhookUrl(text: string): boolean {
  if (!/^https?:\/\/[^/?#\\@\s]+([/?][^#\\\s]*)?$/i.test(text)) return false
  const parsed = URL.parse(text)
  return parsed !== null && parsed.username === '' && parsed.password === ''
}
