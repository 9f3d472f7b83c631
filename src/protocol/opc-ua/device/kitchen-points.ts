import type { Child } from '../browse-children.ts'

/** How a variable of a kitchen device is read. */
export interface KitchenPoint {
  readonly metric: string
  readonly child: Child
  /** `mode`: a number that `modes` has words for. `door`: whether it is open. `seconds`: a time, given in minutes. */
  readonly reading: 'as it is' | 'mode' | 'door' | 'seconds'
  /** UCUM; what the model prescribes where the server names no unit. */
  readonly unit?: string
}

/** A part of a device that holds variables: its parameters, or one of its chambers by number. */
export interface Part {
  /** Undefined: the parameters of a device that has no chambers. */
  readonly chamber: number | undefined
  readonly variables: readonly Child[]
}

/** Variables of which there may be several, numbered behind an underscore; the model counts from 1, some servers from 0. */
const numbered = /^(.*?)(?:_(\d{1,3}))?$/

/** Zones by the name of the variable, `N` its number. */
const temperatures: Readonly<Record<string, string>> = {
  ActualTemperatureChamber: 'chamber',
  ActualChamberTemperature: 'chamber',
  ActualTopTemperature: 'top',
  ActualBottomTemperature: 'bottom',
  ActualCoreTemperature: 'core',
  ActualInternalCoreTemperature: 'core',
  ActualExternalCoreTemperature: 'external_core',
  ActualBoilerTemperature: 'boiler',
}
const isOfChamber = (name: string) => temperatures[name] === 'chamber'

/** Variables that there is one of. */
const single: Readonly<Record<string, Omit<KitchenPoint, 'child'>>> = {
  SetTemperature: { metric: 'target_temperature', reading: 'as it is', unit: 'Cel' },
  SetChamberTemperature: { metric: 'target_temperature', reading: 'as it is', unit: 'Cel' },
  ActualHumidity: { metric: 'humidity', reading: 'as it is', unit: '%' },
  IsDoorOpen: { metric: 'door_status', reading: 'door' },
  CombiSteamerMode: { metric: 'operational_status', reading: 'mode' },
  OperationMode: { metric: 'operational_status', reading: 'mode' },
  OperatingMode: { metric: 'operational_status', reading: 'mode' },
  TimeRemainingProgram: { metric: 'time_remaining_minutes', reading: 'seconds' },
  TimeRemaining: { metric: 'time_remaining_minutes', reading: 'seconds' },
  RemainingProcessTime: { metric: 'time_remaining_minutes', reading: 'seconds' },
  ProgramName: { metric: 'additional.program', reading: 'as it is' },
  IsEnergySavingActive: { metric: 'additional.energy_saving', reading: 'as it is' },
  BatchId: { metric: 'additional.batch_id', reading: 'as it is' },
  DeviceHealth: { metric: 'additional.device_health', reading: 'as it is' },
}

/**
 * The points that the variables of a device become (OPC 30200, 9). Its own fields are those of its first chamber; further
 * chambers give zones, and their door, mode and times under `additional`. Each metric is given once.
 */
export function kitchenPoints(parts: readonly Part[]): KitchenPoint[] {
  const points = new Map<string, KitchenPoint>()
  const add = (point: KitchenPoint) => void (points.has(point.metric) || points.set(point.metric, point))
  const inOrder = parts.toSorted((left, right) => (left.chamber ?? -1) - (right.chamber ?? -1))
  const [first] = inOrder.filter(({ chamber }) => chamber !== undefined)
  for (const part of inOrder) {
    const isFirst = part.chamber === undefined || part === first
    for (const child of byNumber(part.variables)) {
      const [, name = '', number] = numbered.exec(child.name) ?? []
      if (Object.hasOwn(temperatures, name)) {
        if (isFirst && isOfChamber(name)) add({ metric: 'temperature', child, reading: 'as it is', unit: 'Cel' })
        const isOnly = part.variables.filter((other) => numbered.exec(other.name)?.[1] === name).length === 1
        const zone = [...zoneOf(name, part), ...(isOnly || number === undefined ? [] : [number])]
        add({ metric: `temperature_zones.${zone.join('_')}`, child, reading: 'as it is', unit: 'Cel' })
      } else if (Object.hasOwn(single, name) && !isOfAnotherModel(name, part)) {
        const rule = single[name]
        if (rule) add({ ...rule, metric: isFirst ? rule.metric : metricOf(rule.metric, part.chamber), child })
      }
    }
  }
  return [...points.values()]
}

/** The temperature of a numbered chamber is named by the chamber alone. */
function zoneOf(name: string, { chamber }: Part): string[] {
  const zone = temperatures[name] ?? name
  if (chamber === undefined) return [zone]
  return isOfChamber(name) ? [`chamber_${chamber}`] : [`chamber_${chamber}`, zone]
}

/** Dishwashers tell an OperationMode, too, with other numbers for other modes. */
function isOfAnotherModel(name: string, { chamber }: Part): boolean {
  return name === 'OperationMode' && chamber === undefined
}

function metricOf(metric: string, chamber: number | undefined): string {
  return `additional.chamber_${chamber}_${metric.replace('additional.', '')}`
}

function byNumber(variables: readonly Child[]): Child[] {
  const numberOf = ({ name }: Child) => Number(numbered.exec(name)?.[2] ?? -1)
  return variables.toSorted((left, right) => numberOf(left) - numberOf(right))
}
