import type { Kit } from '#connector'
import { type RestTarget, restParts } from '#protocol/rest'

const id = 'wachtel'
/** Decks of the tallest ovens that are built. */
const decksMax = 12

export default (kit: Kit) => {
  const { field, z } = kit
  const parts = restParts(kit, id)
  const settings = parts.settings.extend({
    oven_id: field.text(100, { title: 'Oven', description: 'Serial number of the oven; replaces {oven_id} in paths.' }),
    deck_count: z.int().min(1).max(decksMax).default(1).meta({ title: 'Decks', description: 'From the top.' }),
    data_endpoint: field.path('/ovens/{oven_id}/data', {
      title: 'Data path',
      description: 'Where the values are, below the address; answered with JSON.',
    }),
    standard_points: field.flag(true, {
      title: 'Standard points',
      description: 'false: only the points that are given are read.',
    }),
  })
  type WachtelTarget = RestTarget & { readonly settings: ReturnType<typeof settings.parse> }

  /** The same for every read of a target: what is known of a machine is kept by it. */
  const targets = new WeakMap<WachtelTarget, RestTarget>()
  const restTarget = (target: WachtelTarget): RestTarget => {
    const known = targets.get(target) ?? withOven(target, target.settings.oven_id)
    targets.set(target, known)
    return known
  }

  return kit.defineConnector({
    ...parts,
    id,
    aliases: ['wachtel_remote'],
    title: 'Wachtel REMOTE (deck ovens)',
    source:
      'none: the maker publishes no interface. Names follow what is told of it: oven_id, deck_count, zones per deck',
    settings,
    pointsOf: ({ standard_points, deck_count }) => (standard_points ? standardPoints(deck_count) : []),
    check: (target) => parts.check(restTarget(target)),
    read: (link, request) => parts.read(link, { ...request, target: restTarget(request.target) }),
  })
}

function withOven(target: RestTarget, ovenId: string): RestTarget {
  const named = (path: string) => path.replaceAll('{oven_id}', encodeURIComponent(ovenId))
  const { data_endpoint, status_endpoint } = target.settings
  const settings = {
    ...target.settings,
    data_endpoint: named(data_endpoint),
    ...(status_endpoint === undefined ? {} : { status_endpoint: named(status_endpoint) }),
  }
  return { ...target, settings }
}

function standardPoints(deckCount: number) {
  const decks = Array.from({ length: deckCount }, (_, index) => ({
    metric: `temperature_zones.deck_${index + 1}`,
    address: { pointer: `/decks/${index}/temperature` },
  }))
  return [
    ...decks,
    { metric: 'operational_status', address: { pointer: '/status' } },
    { metric: 'energy_consumption_kwh', address: { pointer: '/energy_kwh' } },
    { metric: 'additional.operation_hours', address: { pointer: '/operation_hours' } },
    { metric: 'additional.maintenance_due', address: { pointer: '/maintenance_due' } },
  ]
}
