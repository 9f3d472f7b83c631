import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from './database.ts'
import { and, eq, inArray, sql } from './drizzle.ts'
import type { Binding, SecretBox } from './secret-box.ts'
import { guarded } from './store-errors.ts'
import { linkMemory } from './tables.ts'

export type LinkMemoryStore = ReturnType<typeof createLinkMemoryStore>

/** Links that are opened together, as after a start, are recalled together. */
const gatherMs = 20

/** What links must not forget, by link key and name. Values may be secret and are stored sealed; keys and names are not. */
export function createLinkMemoryStore({ db }: Database, box: SecretBox) {
  const gather = () => {
    const keys = new Set<string>()
    const rows = sleep(gatherMs).then(async () => {
      gathering = undefined
      const known = await db
        .select()
        .from(linkMemory)
        .where(inArray(linkMemory.link_key, [...keys]))
      return Map.groupBy(known, (row) => row.link_key)
    })
    return { keys, rows }
  }
  let gathering: ReturnType<typeof gather> | undefined

  return {
    /** All that is known of a link, by name. Throws INTERNAL when a value cannot be opened. */
    recall: async (linkKey: string): Promise<Map<string, unknown>> => {
      gathering ??= gather()
      gathering.keys.add(linkKey)
      const rows = (await guarded('recalling what a link knew', gathering.rows)).get(linkKey) ?? []
      return new Map(rows.map(({ name, value }) => [name, box.open(value, bindingOf(linkKey, name))]))
    },

    /** Replaces what is known under the name; `undefined` takes it away. */
    remember: async (linkKey: string, name: string, value: unknown): Promise<void> => {
      if (value === undefined) {
        const isIt = and(eq(linkMemory.link_key, linkKey), eq(linkMemory.name, name))
        await guarded('forgetting what a link knew', db.delete(linkMemory).where(isIt))
        return
      }
      const sealed = box.seal(value, bindingOf(linkKey, name))
      await guarded(
        'remembering what a link knows',
        db
          .insert(linkMemory)
          .values({ link_key: linkKey, name, value: sealed })
          .onConflictDoUpdate({
            target: [linkMemory.link_key, linkMemory.name],
            set: { value: sealed, changed_at: sql`now()` },
          }),
      )
    },

    /**
     * Forgets what is older than a day of links that no machine uses: no wait and no quota is longer, and tokens go with the
     * configuration that they were for. What a used link knows is kept however old it is: a refresh token may stand for months.
     */
    removeUnused: async (): Promise<void> => {
      await guarded(
        'forgetting unused links',
        db.execute(sql`
          delete from link_memory as known where changed_at < now() - interval '1 day'
            and not exists (select from equipment where equipment.link_key = known.link_key)`),
      )
    },
  }
}

function bindingOf(linkKey: string, name: string): Binding {
  return { record: `link_memory/${linkKey}`, field: name, target: linkKey }
}
