import type { z } from 'zod'
import type { Kit, TargetOf } from '#connector'
import { isTimezone } from '#core'

/** A header's value as RFC 9110, 5.5 allows it, in ASCII: no line break can be smuggled into a request. */
const headerValue = /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/
/** RFC 6750, 2.1 is narrower, but vendors' tokens are not. */
const tokenValue = /^[\x21-\x7e]+$/
/** RFC 9110, 5.6.2 */
const headerName = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$/
/** RFC 7617, 2: no control characters, and no colon in a user name. */
const userName = /^[^:\p{Cc}]+$/u
const userPassword = /^\P{Cc}+$/u

/** The documents that a machine may have, by the name that a point calls them. */
const documentNames = ['data', 'status'] as const
export type DocumentName = (typeof documentNames)[number]

/** What can be told of a machine with a REST interface; the wire format's four parts. */
export const restSchemas = ({ field, z }: Kit) => ({
  endpoint: field.url({
    title: 'Address',
    description: 'http:// or https:// address of the machine or cloud, with port and base path where it has them.',
  }),
  port: z
    .int()
    .min(0)
    .max(65_535)
    .default(0)
    .meta({ title: 'Port', description: 'TCP port; 0: the one in the address, or 443 for https and 80 for http.' }),
  credentials: z.strictObject({
    token: field
      .secret({ title: 'Token', description: 'Sent as bearer token; replaces user name and password.' })
      .regex(tokenValue, 'must be visible ASCII characters without spaces')
      .optional(),
    api_key: field
      .secret({ title: 'API key', description: 'Sent in the header that api_key_header names.' })
      .regex(headerValue, 'must be visible ASCII characters')
      .optional(),
    username: field
      .secret({ title: 'User name', description: 'For basic or digest authentication.' })
      .regex(userName, 'must not hold a colon or control characters')
      .optional(),
    password: field
      .secret({ title: 'Password', description: 'For basic or digest authentication.' })
      .regex(userPassword, 'must not hold control characters')
      .optional(),
    client_id: field
      .secret({ title: 'Client ID', description: 'For OAuth2: tokens are got from token_url.' })
      .regex(userPassword, 'must not hold control characters')
      .optional(),
    client_secret: field
      .secret({ title: 'Client secret', description: 'For OAuth2.' })
      .regex(userPassword, 'must not hold control characters')
      .optional(),
    refresh_token: field
      .secret({
        title: 'Refresh token',
        description: 'For OAuth2 in the name of a user. When it is replaced by the token address, the new one is kept.',
      })
      .regex(tokenValue, 'must be visible ASCII characters without spaces')
      .optional(),
  }),
  settings: z.strictObject({
    data_endpoint: field.path('/api/v1/equipment/{equipment_id}/data', {
      title: 'Data path',
      description: 'Where the values are, below the address; answered with JSON.',
    }),
    status_endpoint: field.path('/').unwrap().optional().meta({
      title: 'Status path',
      description: 'A second JSON document, below the address; asked for when a point is from it.',
    }),
    verify_ssl: field.flag(true, {
      title: 'Check the certificate',
      description: 'false takes any certificate: the connection is encrypted, but to whom is not known.',
    }),
    ca: field
      .text(65_536, {
        title: 'Certificate authority',
        description: 'PEM certificates that are trusted besides the well-known ones.',
        advanced: true,
      })
      .optional(),
    api_key_header: z
      .string()
      .regex(headerName, 'must be the name of an HTTP header')
      .default('X-API-Key')
      .meta({ title: 'Header of the API key', advanced: true }),
    auth: z.enum(['basic', 'digest']).default('basic').meta({
      title: 'Password login',
      description:
        'basic | digest: how user name and password are sent. With basic a demand for digest is met too; with digest they are never sent as they are.',
      advanced: true,
    }),
    token_url: field
      .url({ title: 'Token address', description: 'Where OAuth2 tokens are got with client_id.', group: 'OAuth2' })
      .optional(),
    scope: field
      .text(1_000, { title: 'Scope', description: 'What tokens are asked for, separated by spaces.', group: 'OAuth2' })
      .regex(/^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/, 'must be words separated by single spaces')
      .optional(),
    token_auth: z.enum(['basic', 'body']).default('basic').meta({
      title: 'Client login',
      description: 'basic | body: how the token address is told the client secret.',
      group: 'OAuth2',
      advanced: true,
    }),
    requests_per_minute: z.int().min(1).max(60_000).optional().meta({
      title: 'Requests per minute',
      description: 'Never more, of all machines on the link, in any minute.',
      advanced: true,
    }),
    requests_per_day: z.int().min(1).max(10_000_000).optional().meta({
      title: 'Requests per day',
      description: 'Never more, of all machines on the link, in any 24 hours; over restarts too.',
      advanced: true,
    }),
    timestamp_pointer: field
      .jsonPointer({ title: 'Time', description: "Where the data document tells the machine's own time." })
      .optional(),
    timezone: z.string().refine(isTimezone, 'must be the name of a time zone, such as Europe/Berlin').optional().meta({
      title: 'Time zone',
      description: 'Of a time of the machine that names none, such as Europe/Berlin; absent: UTC.',
      advanced: true,
    }),
    frozen_after: z.number().min(0).max(604_800).default(600).meta({
      title: 'Frozen after',
      unit: 's',
      description: "Values are uncertain when the machine's time is older or has not moved for so long; 0: never.",
    }),
  }),
  address: z.strictObject({
    pointer: field.jsonPointer({ description: 'Where the value stands in the answer, for instance /cabinet/temp.' }),
    from: z
      .enum(documentNames)
      .default('data')
      .meta({ title: 'Document', description: 'data | status: which of the two paths answers with the value.' }),
    unit_pointer: field
      .jsonPointer({
        title: 'Unit in the answer',
        description: 'Where the document says the unit of a number, for a display that can be switched.',
        advanced: true,
      })
      .optional(),
    invalid: z
      .array(z.number())
      .max(16)
      .default([])
      .meta({ title: 'Invalid values', description: 'Numbers that mean "no value".', advanced: true }),
  }),
})

type Schemas = ReturnType<typeof restSchemas>
export type RestTarget = TargetOf<
  Schemas['credentials']['shape'],
  Schemas['settings']['shape'],
  Schemas['address']['shape']
>

/** Settings of which a vendor's machines have others than those of `rest_api`. */
export type RestPreset = Partial<
  Pick<
    RestTarget['settings'],
    'data_endpoint' | 'status_endpoint' | 'timestamp_pointer' | 'frozen_after' | 'api_key_header' | 'auth'
  >
>

/** The same schemas with other defaults. */
export function withPreset(schemas: Schemas, preset: RestPreset): Schemas {
  const { shape } = schemas.settings
  const fields = Object.entries(preset).map(([name, value]) => {
    const field: z.ZodType = shape[name as keyof RestPreset]
    return [name, field.default(value).meta(field.meta() ?? {})]
  })
  return { ...schemas, settings: schemas.settings.extend(Object.fromEntries(fields)) as typeof schemas.settings }
}
