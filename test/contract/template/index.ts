import type { Kit } from '#connector'
import { restParts } from '#protocol/rest'

const id = 'acme'

export default (kit: Kit) =>
  kit.defineConnector({
    ...restParts(kit, id),
    id,
    title: 'Acme',
    source: 'the document that says where the values stand',
    // What is read where a machine's configuration names no points; its own points add to these or replace them by metric.
    pointsOf: () => [
      { metric: 'temperature', unit: 'Cel', address: { pointer: '/cabinet/temperature' } },
      { metric: 'operational_status', words: { on: 'running', off: 'off' }, address: { pointer: '/state' } },
    ],
  })
