import type { LinkMemory } from '#connector'

/** A link's memory that lasts as long as the test: `facts` is what it knows. */
export function createPassingMemory(facts = new Map<string, unknown>()): LinkMemory {
  return {
    recall: async (name) => facts.get(name),
    async remember(name, value) {
      if (value === undefined) facts.delete(name)
      // As the database would: what is remembered is JSON.
      else facts.set(name, JSON.parse(JSON.stringify(value)))
    },
  }
}
