import type { Database } from './database.ts'
import { eq } from './drizzle.ts'
import { guarded } from './store-errors.ts'
import { installation } from './tables.ts'

/** The name of this installation, made once: what several of them share, as a Redis, they keep apart by it. */
export function installationId({ db }: Database): Promise<string> {
  return guarded(
    'reading the name of the installation',
    (async () => {
      await db.insert(installation).values({ key: 'id', value: crypto.randomUUID() }).onConflictDoNothing()
      const [row] = await db.select().from(installation).where(eq(installation.key, 'id'))
      return String(row?.value)
    })(),
  )
}
