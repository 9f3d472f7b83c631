import { join } from 'node:path'
import { loadRegistry } from '#connector'
import { silentLog, systemClock } from '#core'
import { createEgressGate, parseEgressAllow } from '#egress'
import { partsKit } from '#protocol/parts'
import { createSession } from '#session'
import { createPassingMemory } from '../../setup/passing-memory.ts'
import { createFirstTrust } from '../../setup/passing-trust.ts'

/** A connector by its name, and sessions of it through the egress gate, as pollers have them. */
export async function loadOurs(protocol: string) {
  const registry = await loadRegistry([join(import.meta.dirname, '../../../connectors')], partsKit)
  const { connector } = registry.resolve(protocol)
  const { dial } = createEgressGate({ allow: parseEgressAllow('127.0.0.0/8'), denied: [], log: silentLog })
  const rest = { connector, dial, clock: systemClock, log: silentLog }
  const openSession = () => createSession({ ...rest, memory: createPassingMemory(), trust: createFirstTrust() })
  return { connector, openSession }
}
