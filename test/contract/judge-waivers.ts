import { type Behaviour, type Level, levels } from './behaviours/behaviour.ts'
import type { Waiver } from './waivers.ts'

/** What is wrong with the waivers themselves on this day (YYYY-MM-DD): of unknown things, doubled, without reason, expired. */
export function waiverFaults(
  waivers: readonly Waiver[],
  known: { readonly connectors: readonly string[]; readonly behaviours: readonly string[] },
  today: string,
): string[] {
  const seen = new Set<string>()
  return waivers.flatMap(({ connector, behaviour, reason, until }) => {
    const name = `${connector}: ${behaviour}`
    const faults: string[] = []
    if (!known.connectors.includes(connector)) faults.push(`${name}: there is no such connector`)
    if (!known.behaviours.includes(behaviour)) faults.push(`${name}: there is no such behaviour`)
    if (seen.has(name)) faults.push(`${name}: is waived twice`)
    if (reason.trim() === '') faults.push(`${name}: has no reason`)
    if (!/^\d{4}-\d{2}-\d{2}$/.test(until) || until < today) faults.push(`${name}: expired on ${until}`)
    seen.add(name)
    return faults
  })
}

/** Runs a behaviour that is waived: it must fail, or the waiver is no longer needed. */
export async function expectStillNeeded(waiver: Waiver, check: () => Promise<void> | void): Promise<void> {
  try {
    await check()
  } catch {
    return
  }
  throw new Error(`${waiver.connector} keeps "${waiver.behaviour}" now: remove the waiver`)
}

/** The level that a connector has when all that is not waived holds. */
export function qualityLevel(behaviours: readonly Behaviour[], waived: readonly Waiver[]): Level | 'none' {
  let reached: Level | 'none' = 'none'
  for (const level of levels) {
    const names = behaviours.filter((behaviour) => behaviour.level === level).map(({ name }) => name)
    if (waived.some(({ behaviour }) => names.includes(behaviour))) break
    reached = level
  }
  return reached
}
