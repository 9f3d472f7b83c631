import { createHash } from 'node:crypto'
import type { Kit } from '#connector'
import { openOpcUaClient } from '#protocol/opc-ua'
import { liveAddress, portOf } from './addresses.ts'
import { apiTargetOf } from './api-target.ts'
import { createNewestBatches } from './batches/newest-batches.ts'
import { type Api, openApi } from './batches/open-api.ts'
import { browseAccount } from './browse-account.ts'
import { checkTarget } from './check-target.ts'
import { createLiveValues } from './live/live-values.ts'
import { type Account, readUnit } from './read-unit.ts'
import { type RationalTarget, rationalSchemas } from './schemas.ts'

interface RationalLink {
  readonly accountOf: (target: RationalTarget) => Account
  close(): Promise<void>
}

export default (kit: Kit) =>
  kit.defineConnector({
    id: 'rational',
    aliases: ['rational_connected_cooking'],
    title: 'RATIONAL ConnectedCooking (combi steamers)',
    source: 'help.connectedcooking.com: OPC UA Interface in ConnectedCooking; REST API reference (2026-11); OPC 30200',
    ...rationalSchemas(kit),
    portOf,
    check: (target) => checkTarget(kit, target),
    timeoutSecondsDefault: 15,
    describesItself: true,
    // One session and one client for all units of an account.
    linkKey: (target) => `rational:${liveAddress(target).url}#${fingerprint([target.credentials.username])}`,
    linkSettings: ({ settings }) => {
      const { unit_id: _unit, ...shared } = settings
      return shared
    },
    secretsGoTo: (target) => {
      const { opc_ua_endpoint: server, api_endpoint: api, token_url: tokens } = target.settings
      const client = target.credentials.client_id === undefined ? [] : [api, tokens]
      const origins = client.flatMap((url) => (url === undefined ? [] : [new URL(url).origin]))
      return [...new Set([...(server === undefined ? [] : [liveAddress(target).url]), ...origins])]
    },
    logsInAtOpening: true,
    stages: ['trusted', 'secure', 'login'],

    async open(target, tools): Promise<RationalLink> {
      const { username, password } = target.credentials
      const { host, port, url } = liveAddress(target)
      const client = await openOpcUaClient({
        ...tools,
        host,
        port,
        endpointUrl: url,
        security: { mode: target.settings.security_mode, policy: target.settings.security_policy },
        user: { name: username, password },
        allowPlainPassword: false,
        timeoutMs: target.timeoutMs,
      })
      const live = createLiveValues(client)
      /** By client: units of an account may have been entered with different ones. As many as machines are on the link. */
      const accounts = new Map<string, Account & { readonly api: Api }>()
      const now = () => tools.clock.now()

      const withApi = (given: RationalTarget): Account => {
        const { client_id, client_secret } = given.credentials
        const name = fingerprint([client_id, client_secret])
        const known = accounts.get(name)
        if (known) return known
        const api = openApi(kit, apiTargetOf(kit, given), tools)
        const account = {
          live,
          api,
          batches: createNewestBatches(api, {
            everyMs: given.settings.batches_every * 1_000,
            memory: tools.memory,
            name: `rational.wait ${name}`,
          }),
          now,
        }
        accounts.set(name, account)
        return account
      }
      const withoutApi: Account = { live, batches: undefined, api: undefined, now }

      return {
        accountOf: (given) => (given.credentials.client_id === undefined ? withoutApi : withApi(given)),
        async close() {
          await Promise.all([client.close(), ...[...accounts.values()].map(({ api }) => api.close())])
        },
      }
    },
    close: (link) => link.close(),
    read: (link, request) => readUnit(link.accountOf(request.target), request),
    browse: (link, request) => browseAccount(link.accountOf(request.target), request),
  })

function fingerprint(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16)
}
