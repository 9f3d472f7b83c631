import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { BakewireError } from '#core'
import type { Connector } from './definition.ts'
import type { Kit } from './kit.ts'

/** The connectors of this installation by id, alias and profile name. */
export interface Registry {
  readonly connectors: readonly Connector[]
  /** What a protocol name means: a connector, and a profile of it where the name is a profile's. Throws CONFIG_INVALID for an unknown name. */
  resolve(protocol: string): { readonly connector: Connector; readonly profile: string | undefined }
}

/**
 * Loads `<folder>/<id>/index.ts` of every folder given, and passes over what has none beside those that do: a `.git`, notes.
 * A connector's file default-exports a function of the kit.
 */
export async function loadRegistry(folders: readonly string[], kit: Kit): Promise<Registry> {
  const found = await Promise.all(folders.map((folder) => loadFolder(folder, kit)))
  return createRegistry(found.flat())
}

async function loadFolder(folder: string, kit: Kit): Promise<Connector[]> {
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.') && name !== 'node_modules').sort()
  const files = names.map((name) => join(folder, name, 'index.ts')).filter((file) => existsSync(file))
  if (files.length === 0) throw new Error(`${join(folder, '<id>', 'index.ts')} is not there for any id`)
  return Promise.all(
    files.map((file) =>
      loadConnector(file, kit).catch((error: unknown) => {
        throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
      }),
    ),
  )
}

async function loadConnector(file: string, kit: Kit): Promise<Connector> {
  const module: { default?: unknown } = await import(pathToFileURL(file).href)
  if (typeof module.default !== 'function') throw new Error('it does not default-export a function of the kit')
  const connector = (module.default as (given: Kit) => Connector)(kit)
  const name = basename(dirname(file))
  if (connector.id !== name) throw new Error(`its id is ${connector.id}, and its folder is called ${name}`)
  return connector
}

export function createRegistry(connectors: readonly Connector[]): Registry {
  const byName = new Map<string, { connector: Connector; profile: string | undefined }>()
  const add = (name: string, connector: Connector, profile?: string) => {
    if (byName.has(name)) throw new Error(`Two connectors or profiles are called ${name}`)
    byName.set(name, { connector, profile })
  }
  for (const connector of connectors) {
    for (const name of [connector.id, ...(connector.aliases ?? [])]) add(name, connector)
    for (const profile of connector.profiles) add(profile.id, connector, profile.id)
  }
  return {
    connectors,
    resolve(protocol) {
      const found = byName.get(protocol)
      if (found) return found
      const known = connectors.map((connector) => connector.id).join(', ')
      const message = `is not a protocol that is known here (${known}, or a profile's name)`
      throw new BakewireError('CONFIG_INVALID', `protocol ${message}`, { errors: [{ path: 'protocol', message }] })
    },
  }
}
