import type { Child } from '../browse-children.ts'

/** What the model says of one kind of part. */
interface PartKind {
  /** What zones and further values of a numbered part are named after. */
  readonly word: string
  /** The temperature that stands for the whole part, by the name of the variable, with its zone where the part has no number. */
  readonly own: Readonly<Record<string, string>>
  /** Enumerations of `modes` by the variable that tells one: several models use a name for numbers that mean other things. */
  readonly modes: Readonly<Record<string, string>>
}

/** A part of a device that holds variables: what cooks or washes in it, or an object that the model does not name. */
export interface KitchenPart extends PartKind {
  /** Undefined: there is only one. */
  readonly number: number | undefined
  readonly variables: readonly Child[]
}

const numbered = /^(.*?)(?:_(\d{1,3}))?$/
const cooker = (word: string, mode: string): PartKind => ({
  word,
  own: { ActualTemperature: word },
  modes: { ProgramMode: mode },
})
const chamber = { ActualTemperatureChamber: 'chamber', ActualChamberTemperature: 'chamber' }
const other: PartKind = { word: 'chamber', own: chamber, modes: {} }

/** By the name of the object, which its type prescribes (OPC 30200, 9; numbered ones behind an underscore). */
const kinds: Readonly<Record<string, PartKind>> = {
  Chamber: { ...other, modes: { OperationMode: 'ChamberMode' } },
  FryerCup: cooker('cup', 'FryerMode'),
  FryingPan: cooker('pan', 'FryingPanMode'),
  MultiFunctionPan: { word: 'pan', own: { ActualTemperatureBottom: 'pan' }, modes: {} },
  CookingKettle: cooker('kettle', 'CookingKettleMode'),
  PressureCookingKettle: cooker('kettle', 'PressureCookingKettleMode'),
  PastaCooker: cooker('pasta_cooker', 'PastaCookerMode'),
  Tray: cooker('tray', 'TrayMode'),
  CookingZone: { word: 'zone', own: { ActualTemperature: 'zone' }, modes: { CurrentState: 'CurrentState' } },
  GrillingZone: {
    word: 'grill',
    own: { ActualGrillTemperature: 'grill' },
    modes: { CurrentState: 'GrillingZoneState' },
  },
  IceMachine: { word: 'ice_machine', own: { Temperature: 'ice_machine' }, modes: { Status: 'Status' } },
  // Of dishwashers and of coffee machines
  Parameters: {
    word: 'parameters',
    own: { ActualMainTankTemperature: 'main_tank', BoilerTempWater: 'boiler_water' },
    modes: { OperationMode: 'OperationMode', CurrentState: 'CoffeeMachineMode' },
  },
}

/** `name`: of the object that holds the variables; undefined: the device itself. */
export function kitchenPart(name: string | undefined, variables: readonly Child[]): KitchenPart {
  const [, kind = '', number] = numbered.exec(name ?? '') ?? []
  const isKnown = Object.hasOwn(kinds, kind)
  return {
    ...((isKnown && kinds[kind]) || other),
    number: isKnown && number !== undefined ? Number(number) : undefined,
    variables,
  }
}

/** Variables of which there may be several are numbered in the same way; the model counts from 1, some servers from 0. */
export function nameAndNumber({ name }: Child): { readonly name: string; readonly number: string | undefined } {
  const [, word = '', number] = numbered.exec(name) ?? []
  return { name: word, number }
}
