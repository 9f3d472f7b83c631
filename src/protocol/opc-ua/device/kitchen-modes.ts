/** What a mode of a kitchen device means in the words of the HTTP contract; the stage is absent where it is none of those. */
export interface Meaning {
  readonly operational_status: string
  readonly cycle_stage?: string
}

const off: Meaning = { operational_status: 'off', cycle_stage: 'idle' }
const ready: Meaning = { operational_status: 'ready', cycle_stage: 'idle' }
const standby: Meaning = { operational_status: 'standby', cycle_stage: 'idle' }
const preheating: Meaning = { operational_status: 'preheating', cycle_stage: 'preheat' }
const cleaning: Meaning = { operational_status: 'cleaning', cycle_stage: 'cleaning' }
const coolingDown: Meaning = { operational_status: 'cooling_down', cycle_stage: 'cooling' }
const maintenance: Meaning = { operational_status: 'maintenance', cycle_stage: 'idle' }
const paused: Meaning = { operational_status: 'paused' }
const error: Meaning = { operational_status: 'error', cycle_stage: 'unknown' }
/** Neither baking nor idle: food is kept warm, dishes are washed, ice is thrown off. */
const busy: Meaning = { operational_status: 'running' }
const running = (cycle_stage: string): Meaning => ({ operational_status: 'running', cycle_stage })
const cooking = running('baking')

/** Modes by number, by the name of their enumeration without `Enumeration` (OPC 30200, its model); undefined where the model defines none. */
export const modes: Readonly<Record<string, readonly (Meaning | undefined)[]>> = {
  CombiSteamerMode: [
    off,
    ready,
    preheating,
    standby,
    running('steaming'),
    cooking,
    cooking,
    cooking,
    cleaning,
    standby,
    error,
  ],
  // NoSpecialMode, Off, Autostart, Standby, PreHeat, CoolDown, Working, Cleaning, EnergySave, ServiceMode, QuickCool,
  // FlashFreeze, ProofingInterruption, ProofingDelay, Proofing, Setting, Defrost, Baking, Steaming
  ChamberMode: [
    ready,
    off,
    standby,
    standby,
    preheating,
    coolingDown,
    cooking,
    cleaning,
    standby,
    maintenance,
    running('cooling'),
    running('cooling'),
    running('retarding'),
    running('retarding'),
    running('proofing'),
    maintenance,
    { operational_status: 'defrosting', cycle_stage: 'defrost' },
    cooking,
    running('steaming'),
  ],
  // Of microwave combi ovens: Preheat, CoolDown, Process, PowerSaving, Standby, Service, Cleaning, Off, Error
  OperatingMode: [preheating, coolingDown, cooking, standby, standby, maintenance, cleaning, off, error],
  // Off, Preheat, Melting, Frying, StandBy, Filtering, Error
  FryerMode: [off, preheating, preheating, cooking, standby, cleaning, error],
  // Off, Preheat, SoftCook, Cook, CookSlow, Frying, PressureCooking, KeepWarming, PresetStart, Error
  FryingPanMode: [off, preheating, cooking, cooking, cooking, cooking, cooking, busy, standby, error],
  // Off, Preheat, SoftCook, Cook, CookSlow, KeepWarming, Stiring, PresetStart, Error
  CookingKettleMode: [off, preheating, cooking, cooking, cooking, busy, running('mixing'), standby, error],
  // Off, Preheat, SoftCook, Cook, CookSlow, Pressure, KeepWarming, PresetStart, Error
  PressureCookingKettleMode: [off, preheating, cooking, cooking, cooking, cooking, busy, standby, error],
  // Off, Preheat, SoftCook, Cook, CookSlow, KeepWarming, PresetStart, Error
  PastaCookerMode: [off, preheating, cooking, cooking, cooking, busy, standby, error],
  // Off, On, Preheat, StandBy, PressureCooking, SoftCooking, Cooking, Grilling, Frying, Regenerate, DeltaTcooking, ZoneGrilling,
  // ZoneCooking, Cleaning, PresetStart, Error
  MultiFunctionPanMode: [
    off,
    ready,
    preheating,
    standby,
    ...Array.from({ length: 9 }, () => cooking),
    cleaning,
    standby,
    error,
  ],
  // Of trays: Off, PreHeat, PreCool, HoldWarm, HoldCool, Regenerating
  TrayMode: [off, preheating, running('cooling'), busy, running('cooling'), cooking],
  // Of cooking zones: Off, Standby, Power, PotDetection
  CurrentState: [off, standby, cooking, ready],
  // Off, Standby, Idle, Grilling
  GrillingZoneState: [off, standby, ready, cooking],
  // Off, Standby, Error, Cleaning
  CoffeeMachineMode: [off, standby, error, cleaning],
  // Of dishwashers: Init, MachineOff, Filling, FillingHeating, Heating, EnableOperation, ReadyForOperation, Operation,
  // Cycle_pause, NotDefined1, SelfCleaning, NotDefined2, RemoteControl, ControllingOutputs, NotDefined3, Error
  OperationMode: [
    standby,
    off,
    preheating,
    preheating,
    preheating,
    ready,
    ready,
    busy,
    paused,
    undefined,
    cleaning,
    undefined,
    maintenance,
    maintenance,
    undefined,
    error,
  ],
  // Of ice machines: INIT, WATER_PURGE, PRE_CHILL, FREEZE, HARVEST, BIN_FULL, CLEAN, OFF, SLEEP_MODE, STANDBY, SAFE_MODE,
  // WATER_OUTAGE, HPCO_DELAY_ACTIVE, CURTAIN_OPEN, PRODUCTION_TEST, SAFE_MODE_PRECHILL, _FREEZE, _HARVEST, _FULL_BIN
  Status: [
    standby,
    busy,
    running('cooling'),
    running('cooling'),
    busy,
    ready,
    cleaning,
    off,
    standby,
    standby,
    busy,
    error,
    error,
    paused,
    maintenance,
    running('cooling'),
    running('cooling'),
    busy,
    ready,
  ],
}
