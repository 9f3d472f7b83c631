import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Connector, type ConnectorSimulator, createRegistry, kit, type Registry } from '#connector'

export const connectorsFolder = join(import.meta.dirname, '../../connectors')

/** One connector under the contract, with the simulated machine that it brings along. */
export interface Subject {
  readonly folder: string
  readonly connector: Connector
  readonly simulator: ConnectorSimulator
  /** Of this connector alone. */
  readonly registry: Registry
}

/** The folders below `connectors/`, each of which is a connector. */
export async function connectorFolders(): Promise<string[]> {
  const entries = await readdir(connectorsFolder, { withFileTypes: true })
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
}

export async function loadSubject(folder: string): Promise<Subject> {
  const definition = await load(folder, 'index.ts')
  const simulation = await load(folder, 'simulator.ts')
  if (!definition.default)
    throw new Error(`connectors/${folder}/index.ts does not default-export a function of the kit`)
  if (!simulation.simulator) throw new Error(`connectors/${folder}/simulator.ts does not export \`simulator\``)
  const connector = definition.default(kit)
  return { folder, connector, simulator: simulation.simulator, registry: createRegistry([connector]) }
}

interface ConnectorModule {
  readonly default?: (given: typeof kit) => Connector
  readonly simulator?: ConnectorSimulator
}

async function load(folder: string, file: string): Promise<ConnectorModule> {
  return import(pathToFileURL(join(connectorsFolder, folder, file)).href)
}
