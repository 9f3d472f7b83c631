import { BakewireError, type Kept, type Sample } from '#connector'
import type { PointMonitor, Watch } from '../monitor-points.ts'
import { nodeText } from '../node-address.ts'
import type { AddressedPoint, NodeDirectory } from '../node-directory.ts'
import type { OpcUaServices } from '../opc-ua-services.ts'
import type { Limits } from '../open-channel.ts'
import { readHistory, type Span } from '../read-history.ts'
import { readPoints } from '../read-points.ts'
import { deviceHistory } from './device-history.ts'
import { type DevicePoint, devicePoints } from './device-points.ts'
import { deviceSamples } from './device-samples.ts'
import { type ChooseDevice, findDevice } from './find-device.ts'

/** A device that gives what it has without being told its points: looked up once, and again when something of it is gone. */
export interface Device {
  /** `monitor`: takes the newest values of what it watches. */
  read(limits: Limits, monitor?: PointMonitor): Promise<Sample[]>
  /** Has all that the device gives monitored, until the signal aborts; what changes is told in our metrics. */
  watch(watch: DeviceWatch): Promise<void>
  /** What the server has kept of it, the oldest moments first; nothing where it keeps no history. */
  history(span: Span & Limits): Promise<Kept[]>
}

export interface DeviceWatch extends Omit<Watch, 'points'> {
  readonly monitor: PointMonitor
  readonly timeoutMs: number
}

interface DeviceOptions {
  readonly services: OpcUaServices
  readonly directory: NodeDirectory
  /** Its browse name, where the server has several, or what chooses it. */
  readonly which: string | undefined | ChooseDevice
}

interface Placed {
  readonly points: readonly DevicePoint[]
  readonly addressed: readonly AddressedPoint[]
  /** What is known of each point, heard or read. */
  readonly newest: Map<string, Sample>
}

/** Nobody has configured these points: that a server keeps nothing of them is no failure. */
const noHistoryCodes: ReadonlySet<string> = new Set(['POINT_REFUSED', 'NOT_SUPPORTED'])

export function createDevice({ services, directory, which }: DeviceOptions): Device {
  let placed: Placed | undefined
  let watching: DeviceWatch | undefined
  /** Of the points that are placed now. */
  let lifetime = new AbortController()

  const place = async (limits: Limits): Promise<Placed> => {
    const points = devicePoints(await findDevice(services, which, limits))
    const uris = await services.namespaces()
    const addressed = points.flatMap((point) => addressedPoint(point, uris) ?? [])
    if (addressed.length === 0) {
      throw new BakewireError(
        'VALUE_INVALID',
        'the device has no variable that is known here: points must say what to read',
      )
    }
    placed = { points, addressed, newest: new Map() }
    if (watching && !watching.signal.aborted) await watchPlaced(watching, placed)
    return placed
  }

  const watchPlaced = (watch: DeviceWatch, { points, addressed, newest }: Placed) => {
    let told = new Map<string, Sample>()
    const signal = AbortSignal.any([watch.signal, lifetime.signal])
    const heard = (samples: Sample[]) => {
      for (const sample of samples) newest.set(sample.metric, sample)
      // One state of several would be a wrong status.
      if (!addressed.every(({ metric }) => newest.has(metric))) return
      const now = deviceSamples(points, newest)
      const changed = now.filter((sample) => !isSame(sample, told.get(sample.metric)))
      told = new Map(now.map((sample) => [sample.metric, sample]))
      if (changed.length > 0) watch.heard(changed)
    }
    const { monitor, samplingIntervalMs } = watch
    return monitor.watch({ points: addressed, samplingIntervalMs, heard, signal })
  }

  return {
    async read(limits, monitor) {
      limits.signal.throwIfAborted()
      const { points, addressed, newest } = placed ?? (await place(limits))
      const before = new Map(newest)
      const samples = monitor
        ? await monitor.read(addressed, limits)
        : await readPoints({ services, directory }, addressed, limits)
      if (addressed.some((point) => !directory.knows(point))) {
        placed = undefined
        lifetime.abort()
        lifetime = new AbortController()
      }
      // What was heard meanwhile is newer.
      for (const sample of samples)
        if (newest.get(sample.metric) === before.get(sample.metric)) newest.set(sample.metric, sample)
      return deviceSamples(points, new Map(samples.map((sample) => [sample.metric, sample])))
    },
    async watch(watch) {
      const before = placed
      watching = watch
      if (before) await watchPlaced(watch, before)
      else await place(watch)
    },
    async history(span) {
      span.signal.throwIfAborted()
      const { points, addressed } = placed ?? (await place(span))
      const kept = await readHistory({ services, directory }, addressed, span).catch((error: unknown): Kept[] => {
        if (error instanceof BakewireError && noHistoryCodes.has(error.code)) return []
        throw error
      })
      return deviceHistory(points, kept)
    },
  }
}

function addressedPoint(point: DevicePoint, uris: readonly string[]): AddressedPoint | undefined {
  const node = nodeText(point.child.nodeId, uris)
  if (node === undefined) return undefined
  const { metric, reading, unit } = point
  // Modes and times are as the model has them, whatever the server calls them.
  const model = reading === 'as it is' ? { unit } : reading === 'node' ? 'node' : 'alone'
  return { metric, address: { node, path: [], invalid: [] }, model }
}

function isSame(sample: Sample, before: Sample | undefined): boolean {
  if (!before) return false
  if ('fault' in sample || 'fault' in before) {
    return 'fault' in sample && 'fault' in before && sample.fault.message === before.fault.message
  }
  return sample.value === before.value && sample.quality === before.quality && sample.sourceTime === before.sourceTime
}
