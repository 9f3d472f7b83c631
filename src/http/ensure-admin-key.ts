import type { ApiKeyStore } from '#store'
import { describeKey, newApiKey } from './api-key.ts'

/** The name of the key that comes from the setting, in lists and in the audit log. */
const settingName = 'ADMIN_API_KEY'

/**
 * Makes sure that somebody can get in. Without a setting the very first start makes an admin key, which is returned this
 * once; a given key is valid from every start on, in the place of the one given before. Whether it is strong enough is the settings' business.
 */
export async function ensureAdminKey(apiKeys: ApiKeyStore, given: string | undefined): Promise<string | undefined> {
  if (given === undefined) {
    const made = newApiKey()
    const isFirst = await apiKeys.createFirst(() => ({ name: 'First admin key', access: 'admin', ...partsOf(made) }))
    return isFirst ? made.key : undefined
  }
  await apiKeys.keepNamed({ name: settingName, access: 'admin', ...partsOf(describeKey(given)) })
  return undefined
}

function partsOf({ hash, prefix }: ReturnType<typeof newApiKey>) {
  return { hash, prefix, expires_at: null }
}
