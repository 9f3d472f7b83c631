import type { Connection } from './connections.ts'
import type { Ear } from './ears.ts'
import type { MqttTarget } from './schemas.ts'

/** Where the broker tells that a machine is gone. */
export interface Availability {
  readonly ear: Ear
  isGone(): boolean
}

/** Undefined where the machine has no such topic. */
export function availabilityOf({ ears }: Connection, { settings }: MqttTarget): Availability | undefined {
  if (!settings.availability) return undefined
  const { topic, pointer, offline } = settings.availability
  const point = { metric: 'additional.availability', address: { topic, pointer, invalid: [] } }
  const ear = ears.of(point, settings.device)
  const isGone = () => {
    const sample = ear.heard?.sample
    return sample !== undefined && 'value' in sample && offline.includes(String(sample.value))
  }
  return { ear, isGone }
}
