import type { PartsKit } from '#protocol/parts'

const id = 'acme'

export default (kit: PartsKit) =>
  kit.defineConnector({
    ...kit.rest.restParts(kit, id, { data_endpoint: '/api/state' }),
    id,
    title: 'Acme',
    source: 'the document that says where the values stand',
    // What is read where a machine's configuration names no points; its own points add to these or replace them by metric.
    pointsOf: () => [
      { metric: 'temperature', unit: 'Cel', address: { pointer: '/cabinet/temperature' } },
      { metric: 'operational_status', words: { on: 'running', off: 'off' }, address: { pointer: '/state' } },
    ],
  })
