import type { Sample } from '#connector'
import {
  type Child,
  createNodeDirectory,
  kitchenPart,
  kitchenPoints,
  type Limits,
  type OpcUaServices,
  readPoints,
} from '#protocol/opc-ua'
import { nodeOf, type Unit } from './units.ts'

/** A variable of a unit, with what it says now. */
export interface UnitVariable {
  /** Below the unit, as its node ids have it: CombiSteamer/SetTemperature. */
  readonly path: string
  readonly sample: Sample
  /** What the kitchen model makes of it; undefined where it does not know it. */
  readonly known: ReturnType<typeof kitchenPoints>[number] | undefined
}

/** A combi steamer has some forty, in three objects. */
const objectsMax = 20
const variablesMax = 500

/** The variables of a unit and of its objects. */
export async function listVariables(
  services: OpcUaServices,
  unit: Unit,
  limits: Limits & { readonly now: () => number },
): Promise<UnitVariable[]> {
  const found = (await childrenOf(services, unit, limits)).slice(0, variablesMax)
  const objects = Map.groupBy(found, ({ object }) => object)
  const model = kitchenPoints(
    [...objects].map(([name, variables]) =>
      kitchenPart(
        name,
        variables.map(({ child }) => child),
      ),
    ),
  )
  const points = found.map(({ path }, index) => ({
    metric: `additional.v${index}`,
    address: { node: nodeOf(unit, path), path: [], invalid: [] },
  }))
  const directory = createNodeDirectory(services)
  const samples = await readPoints({ services, directory }, points, limits)
  const byMetric = new Map(samples.map((sample) => [sample.metric, sample]))
  return found.flatMap(({ path, child }, index) => {
    const sample = byMetric.get(`additional.v${index}`)
    return sample ? [{ path, sample, known: model.find((point) => point.child === child) }] : []
  })
}

async function childrenOf(services: OpcUaServices, { device }: Unit, limits: Limits) {
  const below = async (parent: Child, object?: string) =>
    (await services.browse(parent.nodeId, limits)).map((child) => ({
      child,
      object,
      path: object === undefined ? child.name : `${object}/${child.name}`,
    }))
  const own = await below(device)
  const found = own.filter(({ child }) => child.isVariable)
  for (const { child, path } of own.filter((one) => !one.child.isVariable).slice(0, objectsMax)) {
    found.push(...(await below(child, path)).filter((one) => one.child.isVariable))
  }
  return found
}
