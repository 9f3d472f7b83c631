import type { Sample } from '#connector'
import { convertIntoUnit } from '#core'
import type { AddressedPoint, NodeDirectory } from './node-directory.ts'
import type { OpcUaServices } from './opc-ua-services.ts'
import type { Limits } from './open-channel.ts'
import { readPoints } from './read-points.ts'
import { faulty, type NodeFacts, quantityOf } from './sample-of.ts'
import { isRefusal } from './status-fault.ts'
import { writtenVariant } from './written-variant.ts'

interface Write {
  readonly point: AddressedPoint
  readonly value: number | string | boolean
}

/**
 * Writes one value after the other, in the type that its node holds, and reads them all back: what the node has then, or
 * why it was not written. A value that was not taken keeps none behind it from being written.
 */
export async function writePoints(
  { services, directory }: { services: OpcUaServices; directory: NodeDirectory },
  writes: readonly Write[],
  limits: Limits,
): Promise<Sample[]> {
  limits.signal.throwIfAborted()
  const nodes = await directory.find(
    writes.map(({ point }) => point),
    limits,
  )
  const outcomes: (Sample | undefined)[] = []
  for (const { point, value } of writes) {
    const node = nodes.get(point)
    if (!node || 'code' in node) {
      outcomes.push(node && faulty(point.metric, node))
      continue
    }
    const { nodeId, facts } = node
    const { index } = point.address
    const asked = index === undefined ? [{ nodeId }] : [{ nodeId }, { nodeId, index }]
    const [held, element] = await services.read(asked, limits)
    const written = held?.value?.dataType
      ? writtenVariant(inUnitOf(point, facts, value), {
          held: held.value,
          index,
          element: element?.value,
          words: facts.words,
        })
      : { message: `the node holds no value that tells its type (${held?.statusCode.name})` }
    const status = 'variant' in written ? await services.write({ nodeId, index, ...written }, limits) : undefined
    if (status === undefined) outcomes.push(refusal(point.metric, 'message' in written ? written.message : ''))
    else if (status === 'Good') outcomes.push(undefined)
    else outcomes.push(unwritten(point.metric, status))
  }
  const taken = writes.filter((_write, index) => outcomes[index] === undefined).map(({ point }) => point)
  const now = await readPoints({ services, directory }, [...new Set(taken)], limits)
  return writes.map(
    ({ point }, index) =>
      outcomes[index] ??
      now.find(({ metric }) => metric === point.metric) ??
      refusal(point.metric, 'it could not be read back'),
  )
}

/** A unit that only the server knows is converted here, as in reading. */
function inUnitOf({ metric, unit }: AddressedPoint, facts: NodeFacts, value: Write['value']): Write['value'] {
  const quantity = quantityOf(metric)
  if (typeof value !== 'number' || unit !== undefined || facts.unit === undefined || !quantity) return value
  return Math.round((convertIntoUnit(value, facts.unit, quantity) ?? value) * 1e9) / 1e9
}

function refusal(metric: string, message: string): Sample {
  return faulty(metric, { code: 'POINT_REFUSED', message })
}

function unwritten(metric: string, status: string): Sample {
  const code = isRefusal(status) ? 'POINT_REFUSED' : 'DEVICE_BUSY'
  return faulty(metric, { code, message: `not written, the server answers ${status}` })
}
