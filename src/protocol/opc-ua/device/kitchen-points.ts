import type { Child } from '../browse-children.ts'
import { type KitchenPart, nameAndNumber } from './kitchen-parts.ts'

/** How a variable of a kitchen device is read. */
export interface KitchenPoint {
  readonly metric: string
  readonly child: Child
  /** `mode`: a number that `modes` has words for. `door`: whether it is open. `seconds`: a time, given in minutes. */
  readonly reading: 'as it is' | 'mode' | 'door' | 'seconds'
  /** Of a mode: its enumeration. */
  readonly name?: string
  /** UCUM; what the model prescribes where the server names no unit. */
  readonly unit?: string
}

/** Zones by the name of the variable, beside those that stand for a whole part. */
const zones: Readonly<Record<string, string>> = {
  ActualTopTemperature: 'top',
  ActualBottomTemperature: 'bottom',
  ActualCoreTemperature: 'core',
  ActualInternalCoreTemperature: 'core',
  ActualExternalCoreTemperature: 'external_core',
  ActualBoilerTemperature: 'boiler',
  ActualTemperatureCup: 'cup',
  ActualZoneTemperature: 'zone',
  ActualPlatenTemperature: 'platen',
  ActualPreTankTemperature: 'pre_tank',
  ActualFinalRinseTemperature: 'final_rinse',
  ActualPumpedFinalRinseTemperature: 'pumped_final_rinse',
  BoilerTempSteam: 'boiler_steam',
}

const target = { metric: 'target_temperature', reading: 'as it is', unit: 'Cel' } as const
const timeRemaining = { metric: 'time_remaining_minutes', reading: 'seconds' } as const
/** Variables that there is one of, or the first of which counts. */
const single: Readonly<Record<string, Omit<KitchenPoint, 'child'>>> = {
  SetTemperature: target,
  SetChamberTemperature: target,
  SetGrillTemperature: target,
  MainTankTemperatureSetpoint: target,
  ActualHumidity: { metric: 'humidity', reading: 'as it is', unit: '%' },
  IsDoorOpen: { metric: 'door_status', reading: 'door' },
  TimeRemainingProgram: timeRemaining,
  TimeRemaining: timeRemaining,
  RemainingProcessTime: timeRemaining,
  ProgramName: { metric: 'additional.program', reading: 'as it is' },
  IsEnergySavingActive: { metric: 'additional.energy_saving', reading: 'as it is' },
  BatchId: { metric: 'additional.batch_id', reading: 'as it is' },
  DeviceHealth: { metric: 'additional.device_health', reading: 'as it is' },
}

/** Modes whose names are no others' of the model, wherever they stand. */
const ownModes: ReadonlySet<string> = new Set(['CombiSteamerMode', 'OperatingMode', 'MultiFunctionPanMode'])

/**
 * The points that the variables of a device become (OPC 30200, 9). Its own fields are those of its first part; further
 * chambers, cups, pans … give zones, and their door, mode and times under `additional` (`deviceSamples` makes one status of their modes). Each metric is given once.
 */
export function kitchenPoints(parts: readonly KitchenPart[]): KitchenPoint[] {
  const points = new Map<string, KitchenPoint>()
  const add = (point: KitchenPoint) => void (points.has(point.metric) || points.set(point.metric, point))
  const inOrder = parts.toSorted((left, right) => (left.number ?? -1) - (right.number ?? -1))
  const first = inOrder.find(({ number }) => number !== undefined)
  for (const part of inOrder) {
    const isFirst = part.number === undefined || part === first
    for (const child of byNumber(part.variables)) {
      const { name, number } = nameAndNumber(child)
      const zone = zoneOf(name, part)
      if (zone !== undefined) {
        if (isFirst && Object.hasOwn(part.own, name)) {
          add({ metric: 'temperature', child, reading: 'as it is', unit: 'Cel' })
        }
        const isOnly = part.variables.filter((other) => nameAndNumber(other).name === name).length === 1
        const metric = `temperature_zones.${[zone, ...(isOnly || number === undefined ? [] : [number])].join('_')}`
        add({ metric, child, reading: 'as it is', unit: 'Cel' })
        continue
      }
      const rule = ruleOf(name, part)
      if (rule) add({ ...rule, metric: isFirst ? rule.metric : metricOf(rule.metric, part), child })
    }
  }
  return [...points.values()]
}

/** The temperature that stands for a numbered part is named by the part alone. */
function zoneOf(name: string, { word, number, own }: KitchenPart): string | undefined {
  if (Object.hasOwn(own, name)) return number === undefined ? own[name] : `${word}_${number}`
  if (!Object.hasOwn(zones, name)) return undefined
  return number === undefined ? zones[name] : `${word}_${number}_${zones[name]}`
}

function ruleOf(name: string, { modes }: KitchenPart): Omit<KitchenPoint, 'child'> | undefined {
  const mode = ownModes.has(name) ? name : Object.hasOwn(modes, name) ? modes[name] : undefined
  if (mode !== undefined) return { metric: 'operational_status', reading: 'mode', name: mode }
  return Object.hasOwn(single, name) ? single[name] : undefined
}

function metricOf(metric: string, { word, number }: KitchenPart): string {
  return `additional.${word}_${number}_${metric.replace('additional.', '')}`
}

function byNumber(variables: readonly Child[]): Child[] {
  const numberOf = (child: Child) => Number(nameAndNumber(child).number ?? -1)
  return variables.toSorted((left, right) => numberOf(left) - numberOf(right))
}
