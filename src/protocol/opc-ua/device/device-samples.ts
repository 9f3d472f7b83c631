import type { Sample } from '#connector'
import type { DevicePoint } from './device-points.ts'
import { modes } from './kitchen-modes.ts'
import { activeState, meaningOfMode, meaningOfState, type StateMeaning, stateName } from './machine-states.ts'

type Valued = Extract<Sample, { value: unknown }>
type ByMetric = ReadonlyMap<string, Sample>

/**
 * What was read of a device as samples of our metrics: states, modes and errors together are one status, that of the part which
 * does most. An error outweighs everything, maintenance and cleaning outweigh the state.
 */
export function deviceSamples(points: readonly DevicePoint[], given: ByMetric): Sample[] {
  const read = inEnglish(points, given)
  const samples = new Map<string, Sample>()
  const add = (sample: Sample) => void samples.set(sample.metric, sample)
  for (const point of points) {
    const sample = read.get(point.metric)
    if (sample) for (const one of ownSamples(point, sample)) add(one)
  }
  const told = (reading: DevicePoint['reading']) =>
    points.flatMap((point) => {
      const sample = point.reading === reading ? read.get(point.metric) : undefined
      return sample ? [{ point, sample }] : []
    })

  for (const sample of busiest(
    told('mode').map(({ point }) => point.metric),
    samples,
  ))
    add(sample)
  for (const sample of stateSamples(told('state'), told('item state'))) add(sample)
  for (const { point, sample } of told('outweighs')) {
    if ('fault' in sample || !isBeside(samples.get('operational_status'))) continue
    const meaning = meaningOfMode(point.name ?? '', sample.value)
    if (meaning) for (const one of statusSamples(sample, meaning)) add(one)
  }
  const active = conditionSamples(told('condition'))
  for (const sample of active.samples) add(sample)
  const failure = active.error ?? failed(samples.get('additional.device_health'))
  if (failure) add({ ...failure, metric: 'operational_status', value: 'error' })

  const marked = points.flatMap(({ metric, isHaccp }) => (isHaccp && samples.has(metric) ? [metric] : []))
  if (marked.length > 0) add({ metric: 'additional.haccp', value: marked.join(' '), quality: 'good' })
  return [...samples.values()]
}

/** What says that the machine does not work stays. */
function isBeside(status: Sample | undefined): boolean {
  return !(status && 'value' in status && status.value === 'error')
}

/** DeviceHealthEnumeration (OPC 10000-100): 1 is FAILURE, which servers tell as a word or a number. */
function failed(health: Sample | undefined): Valued | undefined {
  if (!health || 'fault' in health) return undefined
  return health.value === 1 || String(health.value).toUpperCase() === 'FAILURE' ? health : undefined
}

/** What is no value of its own, but part of another one. */
const silent: ReadonlySet<DevicePoint['reading']> = new Set(['state', 'item state', 'node', 'number', 'condition'])

/** States by the names of their model: text is in the language of the server. A machine that has no state has none by its node, either. */
function inEnglish(points: readonly DevicePoint[], read: ByMetric): ByMetric {
  const named = new Map(read)
  // The number counts least: where a server keeps none it is 0, which some model has a name for.
  for (const reading of ['number', 'node'] as const) {
    for (const { metric, state, ...point } of points) {
      if (point.reading !== reading || !state) continue
      const [told, by] = [named.get(state.metric), read.get(metric)]
      if (!told || 'fault' in told || !by || 'fault' in by) continue
      const name = state.names.get(String(by.value))
      if (name === undefined || (reading === 'number' && isKnown(told.value, state.names))) continue
      named.set(state.metric, { ...told, value: name })
    }
  }
  return named
}

/** Whether the words say it already, or that there is no state. */
function isKnown(words: Valued['value'], names: ReadonlyMap<string, string>): boolean {
  const text = String(words)
  const isName = [...names.values()].some((name) => name.toLowerCase() === text.toLowerCase().replace(/[^a-z]/g, ''))
  return text === '' || isName || meaningOfState(text) !== undefined
}

function ownSamples(point: DevicePoint, sample: Sample): Sample[] {
  const { reading } = point
  if (silent.has(reading)) return []
  if ('fault' in sample) return [sample]
  if (reading === 'door') return [{ ...sample, value: sample.value === true ? 'open' : 'closed' }]
  if (reading === 'seconds' && typeof sample.value === 'number') return [{ ...sample, value: sample.value / 60 }]
  if (reading !== 'mode') return [sample]
  const meaning = modes[point.name ?? '']?.[Number(sample.value)]
  return meaning ? statusSamples(sample, meaning) : [unknownMode(point.metric)]
}

function unknownMode(metric: string): Sample {
  return { metric, fault: { code: 'VALUE_INVALID', message: `${metric}: a mode that is not known` } }
}

function statusSamples(sample: Valued, { operational_status, cycle_stage }: StateMeaning): Sample[] {
  const metric = sample.metric.endsWith('operational_status') ? sample.metric : 'operational_status'
  const stage = { ...sample, metric: metric.replace('operational_status', 'cycle_stage') }
  return [
    { ...sample, metric, value: operational_status },
    ...(cycle_stage === undefined ? [] : [{ ...stage, value: cycle_stage }]),
  ]
}

/** What matters more for whoever looks after a machine, last. */
const byWeight = [
  'off',
  'standby',
  'ready',
  'paused',
  'maintenance',
  'cooling_down',
  'defrosting',
  'cleaning',
  'preheating',
  'running',
  'error',
]

/** A machine whose first chamber is off and whose second one bakes is running, and one with a broken chamber has an error. */
function busiest(metrics: readonly string[], samples: ReadonlyMap<string, Sample>): Sample[] {
  let [heaviest, weight] = ['operational_status', -1]
  for (const metric of metrics) {
    const sample = samples.get(metric)
    const own = sample && 'value' in sample ? byWeight.indexOf(String(sample.value)) : -1
    if (own > weight) [heaviest, weight] = [metric, own]
  }
  return ['operational_status', 'cycle_stage'].flatMap((metric) => {
    const sample = samples.get(heaviest.replace('operational_status', metric))
    return sample ? [{ ...sample, metric }] : []
  })
}

interface Told {
  readonly point: DevicePoint
  readonly sample: Sample
}

/** A state machine that is not active has no state, which is no fault as long as another one has. */
function stateSamples(nested: readonly Told[], items: readonly Told[]): Sample[] {
  const nameOf = ({ sample }: Told) => ('value' in sample ? stateName(sample.value) : undefined)
  for (const chain of [nested, items]) {
    const name = activeState(chain.map(nameOf))
    const by = chain.findLast((told) => nameOf(told) === name)?.sample
    if (name === undefined || !by || 'fault' in by) continue
    const meaning = meaningOfState(name)
    const own = { ...by, metric: 'additional.state', value: name }
    return [own, ...(meaning ? statusSamples(by, meaning) : [unknownMode('operational_status')])]
  }
  const first = [...nested, ...items][0]?.sample
  if (!first) return []
  const fault = 'fault' in first ? first.fault : undefined
  return [fault ? { metric: 'operational_status', fault } : unknownMode('operational_status')]
}

function conditionSamples(told: readonly Told[]): { samples: Sample[]; error: Valued | undefined } {
  const metric = 'additional.error_conditions'
  const active = told.filter(({ sample }) => 'value' in sample && sample.value === true)
  const error = active.map(({ sample }) => sample).find((sample) => 'value' in sample)
  if (error) {
    const names = active.map(({ point }) => point.name).join(', ')
    return { samples: [{ ...error, metric, value: names }], error }
  }
  const [first] = told
  if (!first) return { samples: [], error: undefined }
  const faulty = told.map(({ sample }) => sample).find((sample) => 'fault' in sample)
  const sample = faulty ?? first.sample
  return {
    samples: ['fault' in sample ? { ...sample, metric } : { ...sample, metric, value: 'none' }],
    error: undefined,
  }
}
