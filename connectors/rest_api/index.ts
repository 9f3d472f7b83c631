import type { Kit } from '#connector'
import { restParts, restSource } from '#protocol/rest'

const id = 'rest_api'

export default (kit: Kit) =>
  kit.defineConnector({
    ...restParts(kit, id),
    id,
    aliases: ['custom'],
    title: 'REST API (JSON over HTTP)',
    source: restSource,
    describesItself: true,
  })
