import { BakewireError, type Sample } from '#connector'
import { describeNodes } from '../describe-nodes.ts'
import type { OpcUaServices } from '../opc-ua-services.ts'
import type { Limits } from '../open-channel.ts'
import { type PlacedPoint, readPlaced } from '../read-points.ts'
import { type ChooseDevice, findDevice } from './find-device.ts'
import { modes } from './kitchen-modes.ts'
import { type KitchenPoint, kitchenPoints } from './kitchen-points.ts'

interface DevicePoint {
  readonly metric: string
  readonly address: { readonly invalid: readonly number[] }
  readonly kitchen: KitchenPoint
}

/** What a kitchen device gives without being told its points: looked up once, and again when something of it is gone. */
export interface KitchenDevice {
  read(limits: Limits & { readonly now: () => number }): Promise<Sample[]>
}

/** `which`: its browse name, where the server has several, or what chooses it. */
export function createKitchenDevice(services: OpcUaServices, which: string | undefined | ChooseDevice): KitchenDevice {
  let placed: readonly PlacedPoint<DevicePoint>[] | undefined

  const place = async (limits: Limits): Promise<readonly PlacedPoint<DevicePoint>[]> => {
    const points = kitchenPoints(await findDevice(services, which, limits)).map(
      (kitchen): DevicePoint => ({ metric: kitchen.metric, address: { invalid: [] }, kitchen }),
    )
    if (points.length === 0) {
      throw new BakewireError(
        'VALUE_INVALID',
        'the device has no variable that is known here: points must say what to read',
      )
    }
    const nodes = points.map((point) => ({ point, nodeId: point.kitchen.child.nodeId }))
    const facts = await describeNodes(services, nodes, limits)
    return nodes.map(({ point, nodeId }) => {
      const { unit = point.kitchen.unit, words } = facts.get(point) ?? {}
      // Modes and times are as the model has them, whatever the server calls them.
      return { point, node: { nodeId, facts: point.kitchen.reading === 'as it is' ? { unit, words } : {} } }
    })
  }

  return {
    async read(limits) {
      limits.signal.throwIfAborted()
      placed ??= await place(limits)
      const known = placed
      const gone = () => {
        placed = undefined
      }
      const samples = await readPlaced(services, known, { ...limits, gone })
      return samples.flatMap((sample, index) => meant(sample, known[index]?.point.kitchen))
    },
  }
}

function meant(sample: Sample, point: KitchenPoint | undefined): Sample[] {
  if ('fault' in sample || point === undefined) return [sample]
  if (point.reading === 'door') return [{ ...sample, value: sample.value === true ? 'open' : 'closed' }]
  if (point.reading === 'seconds' && typeof sample.value === 'number') return [{ ...sample, value: sample.value / 60 }]
  if (point.reading !== 'mode') return [sample]
  const meaning = modes[point.child.name]?.[Number(sample.value)]
  const metrics = {
    operational_status: point.metric,
    cycle_stage: point.metric.replace('operational_status', 'cycle_stage'),
  }
  if (meaning) {
    return (['operational_status', 'cycle_stage'] as const).map((word) => ({
      ...sample,
      metric: metrics[word],
      value: meaning[word],
    }))
  }
  const message = `${point.metric}: a mode that is not known`
  return [{ metric: point.metric, fault: { code: 'VALUE_INVALID', message } }]
}
