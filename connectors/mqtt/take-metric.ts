import type { Fault, Sample } from '#connector'
import { sampleOf, timeOf } from '#protocol/document'
import type { EdgeNode, MetricState } from '#protocol/mqtt'
import type { Ear } from './ears.ts'
import type { SparkplugPlace } from './source-of.ts'

/** Takes what is known of a Sparkplug metric now; whether anything is. */
export function takeMetric(ear: Ear, at: number): boolean {
  if (!ear.sparkplug) return false
  const { place, edgeNode } = ear.sparkplug
  if (edgeNode.stateOf(place.device) === 'unknown') {
    ear.heard = undefined
    return false
  }
  const state = edgeNode.metricOf(place.device, place.name)
  const sample = state ? sampleFrom(state, ear) : without(ear, whyNot(place, edgeNode))
  ear.messages += 1
  ear.first.resolve()
  ear.heard = { sample, at, isRetained: false, sourceTime: timeOf(state?.time) }
  return true
}

function sampleFrom({ value, fault, isStale }: MetricState, ear: Ear): Sample {
  const { sparkplug } = ear
  if (value === undefined) return without(ear, { code: 'VALUE_INVALID', message: fault ?? 'no value' })
  const sample = sampleOf(value, ear.place)
  if (!isStale || 'fault' in sample) return sample
  const doubt = `edge node ${sparkplug?.place.node} says that some values are old`
  return { ...sample, quality: 'uncertain', doubt }
}

function whyNot({ node, device, name }: SparkplugPlace, edgeNode: EdgeNode): Fault {
  const who = device === '' ? `edge node ${node}` : `device ${node}/${device}`
  return edgeNode.stateOf(device) === 'gone'
    ? { code: 'UNREACHABLE', message: `${who} is offline` }
    : { code: 'POINT_REFUSED', message: `${who} was born without a metric ${name}` }
}

function without({ point: { metric } }: Ear, { code, message }: Fault): Sample {
  return { metric, fault: { code, message: `${metric}: ${message}` } }
}
