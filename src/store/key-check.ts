import type { Database } from './database.ts'
import { eq } from './drizzle.ts'
import type { SecretBox } from './secret-box.ts'
import { guarded } from './store-errors.ts'
import { installation } from './tables.ts'

const binding = { record: 'installation/key_check', field: 'value', target: '' } as const

/**
 * Proves at start that the encryption keys are those that the stored secrets were made with. The first start stores a
 * sealed word; every other must be able to open it. Throws what the secret box throws.
 */
export function checkEncryptionKeys({ db }: Database, box: SecretBox): Promise<void> {
  return guarded(
    'checking the encryption keys',
    (async () => {
      const sealed = box.seal('bakewire', binding).toString('base64')
      await db.insert(installation).values({ key: 'key_check', value: sealed }).onConflictDoNothing()
      const [row] = await db.select().from(installation).where(eq(installation.key, 'key_check'))
      box.open(Buffer.from(String(row?.value), 'base64'), binding)
    })(),
  )
}
