import type { Kit, TargetOf } from '#connector'
import { securityPolicies } from '#protocol/opc-ua'
import { restParts } from '#protocol/rest'
import { documented, isServer, isService } from './addresses.ts'

/** Seconds. The maker advises to fetch once a day: a batch is minutes to hours, and its row changes when it ends. */
const batchesEvery = { min: 60, max: 86_400, standard: 300 } as const

/** What can be told of an account and one of its units; the wire format's four parts. */
export const rationalSchemas = (kit: Kit) => {
  const { field, z } = kit
  const rest = restParts(kit, 'rational')
  const { token_url, scope, token_auth, ca, requests_per_minute, requests_per_day } = rest.settings.shape
  const { client_id, client_secret } = rest.credentials.shape
  return {
    endpoint: z
      .string()
      .max(1_000)
      .refine(
        (text) => isService(text) || isServer(text),
        "must be ConnectedCooking's https:// address, or the opc.tcp:// address of its server",
      )
      .meta({
        title: 'Address',
        description: `https://www.connectedcooking.com (any path), or the OPC UA server: ${documented.opcUa}.`,
      }),
    port: z.int().min(0).max(65_535).default(0).meta({
      title: 'Port',
      description: 'TCP port of the OPC UA server; 0: the one in the address, or 4840.',
    }),
    credentials: z.strictObject({
      username: field.secret({ title: 'User name', description: 'Of the account, for live values.' }).max(200),
      password: field.secret({ title: 'Password' }).max(1_000),
      client_id: client_id.meta({
        title: 'Client ID',
        description: 'Of an API client of the account (type "Base API"), for HACCP batches and programmes.',
      }),
      client_secret: client_secret.meta({ title: 'Client secret' }),
    }),
    settings: z.strictObject({
      unit_id: field
        .text(100, {
          title: 'Unit',
          description: 'Serial number or device id of the unit; not needed where the account has one alone.',
        })
        .optional(),
      opc_ua_endpoint: z
        .string()
        .max(1_000)
        .refine(isServer, 'must be an opc.tcp:// address')
        .optional()
        .meta({
          title: 'OPC UA address',
          description: `Default: endpoint, where it is an opc.tcp:// address, else ${documented.opcUa}.`,
          advanced: true,
        }),
      security_mode: z
        .enum(['SignAndEncrypt', 'Sign'])
        .default('SignAndEncrypt')
        .meta({ title: 'Security mode', description: 'SignAndEncrypt | Sign.', advanced: true }),
      security_policy: z
        .enum(['best', ...securityPolicies])
        .default('best')
        .meta({
          title: 'Security policy',
          description: 'best: the best one that the server offers.',
          advanced: true,
        }),
      api_endpoint: field
        .url({ title: 'API address', description: 'Of the REST API, with its base path.', advanced: true })
        .default(documented.api),
      token_url: token_url.meta({
        title: 'Token address',
        description:
          'Where tokens are got with client_id: as the page "Authentication" of the API\'s documentation says.',
      }),
      scope,
      token_auth,
      ca,
      batches_every: z.int().min(batchesEvery.min).max(batchesEvery.max).default(batchesEvery.standard).meta({
        title: 'Batches every',
        unit: 's',
        description: 'How often the account is asked for its HACCP batches, for all its units together.',
      }),
      requests_per_minute,
      requests_per_day,
    }),
    address: z
      .strictObject({
        variable: z
          .string()
          .max(300)
          .regex(/^[\w<>.-]+(\/[\w<>.-]+)*$/, 'must be a path such as CombiSteamer/SetTemperature')
          .optional()
          .meta({
            title: 'Variable',
            description: 'Of the unit on the OPC UA server, as its node ids have it: CombiSteamer/SetTemperature.',
          }),
        batch: field
          .jsonPointer({
            title: 'Field of the batch',
            description: "Where the value stands in the unit's newest HACCP batch, for instance /totalTime.",
          })
          .optional(),
        invalid: z
          .array(z.number())
          .max(16)
          .default([])
          .meta({ title: 'Invalid values', description: 'Numbers that mean "no value".', advanced: true }),
      })
      .refine(({ variable, batch }) => (variable === undefined) !== (batch === undefined), {
        path: ['variable'],
        message: 'either this or batch must say where the value is',
      }),
  }
}

type Schemas = ReturnType<typeof rationalSchemas>
export type RationalTarget = TargetOf<
  Schemas['credentials']['shape'],
  Schemas['settings']['shape'],
  Schemas['address']['shape']
>
export type RationalPoint = RationalTarget['points'][number]
