import type { NodeId, OpcUaServices, Path } from './opc-ua-services.ts'
import type { Limits } from './open-channel.ts'
import { type GivenValue, type NodeFacts, type OpcUaPoint, quantityOf } from './sample-of.ts'
import { unitOfCode } from './unit-of-code.ts'

interface Described<Point> {
  readonly point: Point
  readonly nodeId: NodeId
}

/** Words of an enumeration; more would be no words. */
const wordsMax = 1_000

/**
 * What servers say of nodes beside their values: the unit of those that measure something and whose point names none, the
 * words of those that are enumerations. Most nodes say nothing.
 */
export async function describeNodes<Point extends OpcUaPoint>(
  services: OpcUaServices,
  nodes: readonly Described<Point>[],
  limits: Limits,
): Promise<Map<Point, NodeFacts>> {
  const facts = new Map<Point, NodeFacts>()
  const told = nodes.filter(({ point }) => typeof point.model !== 'string')
  const measuring = told.filter(({ point }) => quantityOf(point.metric) !== undefined && point.unit === undefined)
  const naming = told.filter(({ point }) => quantityOf(point.metric) === undefined)
  const units = await propertiesOf(
    services,
    measuring.map(({ nodeId }) => [nodeId, 'EngineeringUnits'] as const),
    limits,
  )
  for (const [index, { point }] of measuring.entries()) {
    const unit = unitIn(units[index]) ?? (typeof point.model === 'object' ? point.model.unit : undefined)
    facts.set(point, { unit })
  }
  const words = await wordsOf(
    services,
    naming.map(({ nodeId }) => nodeId),
    limits,
  )
  for (const [index, { point }] of naming.entries()) facts.set(point, { words: words[index] })
  return facts
}

/** Of the node itself (MultiStateDiscrete), or of its data type (enumerations); OPC 10000-3, 8.14, and OPC 10000-8, 5.3.3.3. */
async function wordsOf(services: OpcUaServices, nodes: readonly NodeId[], limits: Limits) {
  if (nodes.length === 0) return []
  const types = await services.read(
    nodes.map((nodeId) => ({ nodeId, attribute: 'dataType' })),
    limits,
  )
  const holders = nodes.map((node, index) => [node, typeIn(types[index])] as const)
  const asked = holders.flatMap(([node, type]) => [
    [node, 'EnumStrings'] as const,
    ...(type ? [[type, 'EnumStrings'] as const, [type, 'EnumValues'] as const] : []),
  ])
  const properties = await propertiesOf(services, asked, limits)
  let at = 0
  return holders.map(([, type]) => {
    const [own, strings, values] = properties.slice(at, at + (type ? 3 : 1))
    at += type ? 3 : 1
    return stringsIn(own) ?? stringsIn(strings) ?? valuesIn(values)
  })
}

/** The values of properties, undefined where a node has none of that name. */
async function propertiesOf(services: OpcUaServices, asked: readonly (readonly [NodeId, string])[], limits: Limits) {
  const paths = asked.map(([start, name]): Path => ({ start, steps: [{ namespaceIndex: 0, name }] }))
  const nodes = await services.translate(paths, limits)
  const there = nodes.flatMap((nodeId, index) => (nodeId ? [{ nodeId, index }] : []))
  const values = await services.read(
    there.map(({ nodeId }) => ({ nodeId })),
    limits,
  )
  const properties: (GivenValue | undefined)[] = asked.map(() => undefined)
  for (const [position, { index }] of there.entries()) properties[index] = values[position]
  return properties
}

function contentOf(given: GivenValue | undefined): unknown {
  return given?.statusCode.value === 0 ? given.value?.value : undefined
}

function typeIn(given: GivenValue | undefined): NodeId | undefined {
  const type = contentOf(given) as NodeId | null | undefined
  // Built-in types (OPC 10000-6, 5.1.2) are no enumerations.
  return type && (type.namespace !== 0 || Number(type.value) > 29) ? type : undefined
}

function unitIn(given: GivenValue | undefined): string | undefined {
  const information = contentOf(given)
  const unitId =
    typeof information === 'object' && information !== null && 'unitId' in information ? information.unitId : undefined
  return typeof unitId === 'number' ? unitOfCode(unitId) : undefined
}

/** LocalizedText by number from 0 on. */
function stringsIn(given: GivenValue | undefined): ReadonlyMap<number, string> | undefined {
  const texts = contentOf(given)
  if (!Array.isArray(texts) || texts.length > wordsMax) return undefined
  return new Map(texts.flatMap((text, index) => (isWord(text?.text) ? [[index, text.text]] : [])))
}

/** EnumValueType: a 64-bit number and its name. */
function valuesIn(given: GivenValue | undefined): ReadonlyMap<number, string> | undefined {
  const entries = contentOf(given)
  if (!Array.isArray(entries) || entries.length > wordsMax) return undefined
  return new Map(
    entries.flatMap((entry) => {
      const [high, low] = Array.isArray(entry?.value) ? entry.value : []
      const name = entry?.displayName?.text
      return high === 0 && typeof low === 'number' && isWord(name) ? [[low, name]] : []
    }),
  )
}

function isWord(text: unknown): text is string {
  return typeof text === 'string' && text !== '' && text.length <= 64 && text.isWellFormed() && !/\p{Cc}/u.test(text)
}
