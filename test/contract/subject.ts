import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Connector, type ConnectorSimulator, createRegistry, type Registry } from '#connector'
import { type PartsKit, partsKit } from '#protocol/parts'

/** One connector's folder, wherever it lies: `npm run test:connector -- <folder>`. */
const asked = process.env['CONNECTOR_FOLDER'] || undefined
export const connectorsFolder = asked === undefined ? join(import.meta.dirname, '../../connectors') : dirname(asked)

/** One connector under the contract, with the simulated machine that it brings along. */
export interface Subject {
  readonly folder: string
  readonly connector: Connector
  readonly simulator: ConnectorSimulator
  /** Of this connector alone. */
  readonly registry: Registry
}

/** The folders below `connectors/`, each of which is a connector; or the one that was asked for. */
export async function connectorFolders(): Promise<string[]> {
  if (asked !== undefined) return [basename(asked)]
  const entries = await readdir(connectorsFolder, { withFileTypes: true })
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
}

export async function loadSubject(folder: string): Promise<Subject> {
  const definition = await load(folder, 'index.ts')
  const simulation = await load(folder, 'simulator.ts')
  if (!definition.default) throw new Error(`${folder}/index.ts does not default-export a function of the kit`)
  if (!simulation.simulator) throw new Error(`${folder}/simulator.ts does not export \`simulator\``)
  const connector = definition.default(partsKit)
  const { simulator: made } = simulation
  const simulator = typeof made === 'function' ? made(partsKit) : made
  return { folder, connector, simulator, registry: createRegistry([connector]) }
}

interface ConnectorModule {
  readonly default?: (given: PartsKit) => Connector
  /** A function of the kit where it cannot import what it needs. */
  readonly simulator?: ConnectorSimulator | ((given: PartsKit) => ConnectorSimulator)
}

async function load(folder: string, file: string): Promise<ConnectorModule> {
  return import(pathToFileURL(join(connectorsFolder, folder, file)).href)
}
