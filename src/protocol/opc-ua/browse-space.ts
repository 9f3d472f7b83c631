import type { Browsed, Found } from '#connector'
import { BakewireError, convertUnit, placeOf } from '#core'
import type { Child } from './browse-children.ts'
import { describeNodes } from './describe-nodes.ts'
import { nodeText, parseNode } from './node-address.ts'
import type { NodeId, OpcUaServices } from './opc-ua-services.ts'
import type { Limits } from './open-channel.ts'
import { type GivenValue, type NodeFacts, quantityOf, sampleOf } from './sample-of.ts'
import { isGone } from './status-fault.ts'
import { typeName } from './variant-value.ts'

interface Place {
  /** A node, as points name it; undefined: Objects. */
  readonly at: string | undefined
  /** How many were given before. */
  readonly cursor: string | undefined
  readonly limit: number
}

const objects = 'i=85'
/** Children of one node; a folder with more is a database. Who asks for those behind them is refused. */
const childrenMax = 10_000
const valueLengthMax = 200
const nameLengthMax = 200

/**
 * What is below a node of the address space, one step down, with points for what can be read. Nothing is remembered between
 * pages, so loops of the address space do not matter. Throws CONFIG_INVALID for a place that there is not.
 */
export async function browseBelow(
  services: OpcUaServices,
  { at = objects, cursor, limit }: Place,
  limits: Limits,
): Promise<Browsed> {
  limits.signal.throwIfAborted()
  const node = await placeIn(services, at, limits)
  const skipped = skippedBy(cursor)
  const end = Math.min(skipped + limit, childrenMax)
  // One more tells that there are more.
  const children = await services.browse(node, limits, end + 1)
  if (children.length === 0) await requireNode(services, node, limits)
  const page = children.slice(skipped, end)
  const uris = await services.namespaces()
  const variables = page.filter(({ isVariable }) => isVariable)
  const proposals = await propose(services, variables, limits)
  const parents = variables.filter(({ isProperty }) => !isProperty)
  const answers = await services.haveChildren(
    parents.map(({ nodeId }) => nodeId),
    limits,
  )
  const found = page.map((child): Found => {
    const text = nodeText(child.nodeId, uris)
    const hasMore = child.isVariable ? answers[parents.indexOf(child)] === true : true
    const proposal = proposals.get(child)
    return {
      name: child.name.slice(0, nameLengthMax),
      kind: proposal?.kind ?? 'object',
      ...(hasMore && text !== undefined ? { at: text } : {}),
      ...(proposal?.value === undefined ? {} : { value: proposal.value }),
      ...(proposal?.point && text !== undefined ? { point: { ...proposal.point, node: text } } : {}),
    }
  })
  return children.length > end ? { found, cursor: String(end) } : { found }
}

async function placeIn(services: OpcUaServices, at: string, limits: Limits): Promise<NodeId> {
  const address = parseNode(at)
  if (!address) throw refused('at', `must be a node such as ${objects}`)
  const known = services.nodeId(address)
  if (known) return known
  await services.namespaces(limits)
  const node = services.nodeId(address)
  if (!node) throw refused('at', 'names a namespace that the server does not have')
  return node
}

/** A node that is not there has nothing below it either. */
async function requireNode(services: OpcUaServices, nodeId: NodeId, limits: Limits): Promise<void> {
  const [given] = await services.read([{ nodeId, attribute: 'nodeClass' }], limits)
  if (given && isGone(given.statusCode.name)) throw refused('at', 'names a node that the server does not have')
}

function skippedBy(cursor: string | undefined): number {
  if (cursor === undefined) return 0
  if (!/^\d{1,5}$/.test(cursor)) throw refused('cursor', 'must be that of an earlier answer')
  const skipped = Number(cursor)
  if (skipped < childrenMax) return skipped
  throw refused('cursor', `goes on behind what is shown: only the first ${childrenMax} things below a node are`)
}

function refused(path: string, message: string): BakewireError {
  return new BakewireError('CONFIG_INVALID', `${path} ${message}`, { errors: [{ path, message }] })
}

interface Proposal {
  readonly kind: string
  readonly value?: string
  readonly point?: { readonly metric: string; readonly unit?: string }
}

/** What variables hold now, and how they could be read. */
async function propose(
  services: OpcUaServices,
  variables: readonly Child[],
  limits: Limits,
): Promise<Map<Child, Proposal>> {
  const values = await services.read(
    variables.map(({ nodeId }) => ({ nodeId })),
    limits,
  )
  const points = variables.map(({ name, nodeId }, index) => ({
    nodeId,
    point: { metric: metricFor(name, values[index]), address: { invalid: [] } },
  }))
  const facts = await describeNodes(services, points, limits)
  const taken = new Set<string>()
  const proposals = new Map<Child, Proposal>()
  for (const [index, child] of variables.entries()) {
    const [given, described] = [values[index], points[index]]
    if (!given || !described) continue
    const known: NodeFacts = facts.get(described.point) ?? {}
    // Without the server's unit: what is shown is what the machine has.
    const sample = sampleOf(described.point, given, { words: known.words })
    const kind = given.value ? typeName(given.value) : 'variable'
    const isOne = (given.value?.arrayType ?? 0) === 0 && kind !== 'structure'
    const metric = unused(fitting(described.point.metric, known.unit), taken)
    taken.add(metric)
    proposals.set(child, {
      kind,
      ...('value' in sample ? { value: String(sample.value).slice(0, valueLengthMax) } : {}),
      ...(isOne && placeOf(metric) ? { point: { metric, ...(known.unit ? { unit: known.unit } : {}) } } : {}),
    })
  }
  return proposals
}

/** The metric that has the name of the variable, where its value is of that kind; else one of its own. */
function metricFor(name: string, given: GivenValue | undefined): string {
  const key = keyOf(name)
  const value = given?.value?.arrayType === 0 ? given.value.value : undefined
  const place = placeOf(key)
  if (place?.in !== 'column') return `additional.${key}`
  const { metric } = place
  const fits = metric.kind === 'number' ? typeof value === 'number' : metric.words.includes(String(value))
  return fits ? key : `additional.${key}`
}

/** A metric that does not measure in the unit of the server is another one. */
function fitting(metric: string, unit: string | undefined): string {
  const quantity = quantityOf(metric)
  const fits = quantity === undefined || unit === undefined || convertUnit(0, unit, quantity) !== undefined
  return fits ? metric : `additional.${metric}`
}

/** `ActualTemperature 1` → `actual_temperature_1` */
function keyOf(name: string): string {
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()
  return (
    words
      .replace(/[^a-z0-9]+/g, '_')
      .replace(/^_+|_+$/g, '')
      .slice(0, 60) || 'value'
  )
}

function unused(metric: string, taken: ReadonlySet<string>): string {
  if (!taken.has(metric)) return metric
  const own = metric.startsWith('additional.') ? metric : `additional.${metric}`
  for (let number = 2; ; number += 1) if (!taken.has(`${own}_${number}`)) return `${own}_${number}`
}
