/** What a mode of a kitchen device means in the words of the HTTP contract. */
export interface Meaning {
  readonly operational_status: string
  readonly cycle_stage: string
}

const off: Meaning = { operational_status: 'off', cycle_stage: 'idle' }
const ready: Meaning = { operational_status: 'ready', cycle_stage: 'idle' }
const standby: Meaning = { operational_status: 'standby', cycle_stage: 'idle' }
const preheating: Meaning = { operational_status: 'preheating', cycle_stage: 'preheat' }
const cleaning: Meaning = { operational_status: 'cleaning', cycle_stage: 'cleaning' }
const coolingDown: Meaning = { operational_status: 'cooling_down', cycle_stage: 'cooling' }
const maintenance: Meaning = { operational_status: 'maintenance', cycle_stage: 'idle' }
const error: Meaning = { operational_status: 'error', cycle_stage: 'unknown' }
const running = (cycle_stage: string): Meaning => ({ operational_status: 'running', cycle_stage })

/** Modes by number, by the name of the variable that tells them (OPC 30200, 9.1.4 and 9.3.4; the enumerations of its model). */
export const modes: Readonly<Record<string, readonly Meaning[]>> = {
  CombiSteamerMode: [
    off,
    ready,
    preheating,
    standby,
    running('steaming'),
    running('baking'),
    running('baking'),
    running('baking'),
    cleaning,
    { operational_status: 'standby', cycle_stage: 'idle' },
    error,
  ],
  // ChamberMode: NoSpecialMode, Off, Autostart, Standby, PreHeat, CoolDown, Working, Cleaning, EnergySave, ServiceMode,
  // QuickCool, FlashFreeze, ProofingInterruption, ProofingDelay, Proofing, Setting, Defrost, Baking, Steaming
  OperationMode: [
    ready,
    off,
    standby,
    standby,
    preheating,
    coolingDown,
    running('baking'),
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
    running('baking'),
    running('steaming'),
  ],
  // OperatingMode of microwave combi ovens: Preheat, CoolDown, Process, PowerSaving, Standby, Service, Cleaning, Off, Error
  OperatingMode: [preheating, coolingDown, running('baking'), standby, standby, maintenance, cleaning, off, error],
}
