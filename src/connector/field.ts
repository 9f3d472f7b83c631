import { isIP } from 'node:net'
import { z } from 'zod'

/** What forms and docs say of a field. */
type FieldMeta = {
  title?: string
  description?: string
  unit?: string
  group?: string
  advanced?: boolean
}

const hostName = /^(?=.{1,253}\.?$)[A-Za-z0-9_]([A-Za-z0-9_-]{0,62})?(\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,62})?)*\.?$/

function isHost(text: string): boolean {
  if (isIP(text)) return !text.includes('%')
  // A name of digits and dots only, or with a hexadecimal last label, is another spelling of an address: refused, not guessed.
  const lastLabel = text.replace(/\.$/, '').split('.').at(-1) ?? ''
  return hostName.test(text) && !/^(\d+|0[xX][0-9A-Fa-f]*)$/.test(lastLabel)
}

const text = (max: number, meta: FieldMeta = {}) => z.string().min(1).max(max).meta(meta)

/** The shared vocabulary of configuration fields: a connector names one and inherits checks, title and description. */
export const field = {
  /** Host name or IP address without scheme, port or zone. */
  host: (meta: FieldMeta = {}) =>
    z
      .string()
      .max(253)
      .refine(isHost, 'must be a host name or an IP address, without scheme, port, path or zone')
      .meta({ title: 'Host', description: 'Host name or IP address of the machine or gateway.', ...meta }),

  /** `http://` or `https://` and a host; no user info, no query, no fragment. */
  url: (meta: FieldMeta = {}) =>
    z
      .string()
      .max(2_000)
      .refine(isHttpUrl, 'must be an http:// or https:// address without user, query or fragment')
      .meta({ title: 'Address', description: 'http:// or https:// address of the machine.', ...meta }),

  port: (standard: number, meta: FieldMeta = {}) =>
    z
      .int()
      .min(1)
      .max(65_535)
      .default(standard)
      .meta({ title: 'Port', description: 'TCP port.', ...meta }),

  /** A secret: encrypted at rest, never shown again. At most 8 KB, room for a certificate key. */
  secret: (meta: FieldMeta = {}) => text(8_192, meta).meta({ secret: true, ...meta }),

  text,

  /** A path of a URL that starts with `/`; `{equipment_id}` is replaced by the equipment's id, and `{name}` by the setting of that name. */
  path: (standard: string, meta: FieldMeta = {}) =>
    z
      .string()
      .max(1_000)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused here
      .regex(/^\/(?!\/)[^\s\\#\u0000-\u001f]*$/, 'must be a path that starts with one /, without spaces or #')
      .default(standard)
      .meta({ title: 'Path', ...meta }),

  /** RFC 6901 JSON pointer, for instance `/cabinet/temp`. */
  jsonPointer: (meta: FieldMeta = {}) =>
    z
      .string()
      .max(500)
      .regex(/^(\/([^~/]|~[01])*)*$/, 'must be a JSON pointer such as /cabinet/temp')
      .meta({ title: 'JSON pointer', ...meta }),

  flag: (standard: boolean, meta: FieldMeta = {}) => z.boolean().default(standard).meta(meta),
} as const

function isHttpUrl(value: string): boolean {
  if (!/^https?:\/\/[^/?#\\@\s]+(\/[^?#\\\s]*)?$/i.test(value)) return false
  const url = URL.parse(value)
  if (url === null) return false
  if (url.username !== '' || url.password !== '') return false
  const host = url.hostname.replace(/^\[|\]$/g, '')
  // URL turns 0x7f.1 or 2130706433 into 127.0.0.1: only the plain spelling of an address is taken.
  return isHost(host) && value.toLowerCase().startsWith(`${url.protocol}//${url.hostname}`)
}
