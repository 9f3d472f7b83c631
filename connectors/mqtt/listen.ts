import type { BakewireError } from '#connector'
import type { Connection } from './connections.ts'
import type { Ear } from './ears.ts'

/**
 * Sees to it that all ears are subscribed to and that the broker is alive. Gives those whose topic the broker refuses; they
 * are asked for again next time. Throws what the connection throws.
 */
export async function listen(
  { client, ears }: Connection,
  wanted: readonly Ear[],
  how: { readonly qos: 0 | 1; readonly signal: AbortSignal },
): Promise<Map<Ear, BakewireError>> {
  const edgeNodes = new Set(wanted.flatMap(({ sparkplug }) => sparkplug?.place.node ?? []))
  if (edgeNodes.size > 0) await ears.nodes.codec()
  const fresh = wanted.filter(({ subscription }) => subscription === undefined)
  if (fresh.length === 0) await client.roundTrip(how.signal)
  else {
    client.unsubscribe(ears.dropUnused())
    // Also topics that others listen to: the broker gives once more what it has kept.
    const asked = client.subscribe([...new Set(fresh.map(({ filter }) => filter))], how)
    for (const ear of fresh) {
      ear.subscription = asked.then((refused) => refused.get(ear.filter))
      // Told below, and to others who wait for the same topic.
      ear.subscription.catch(() => undefined)
    }
    await asked.catch((error: unknown) => {
      ears.drop(fresh)
      throw error
    })
  }
  for (const name of edgeNodes) ears.nodes.wake(name)
  const answers = await Promise.all(wanted.map(async (ear) => [ear, await ear.subscription] as const))
  const refused = new Map(answers.flatMap(([ear, fault]) => (fault ? [[ear, fault] as const] : [])))
  ears.drop(refused.keys())
  return refused
}
