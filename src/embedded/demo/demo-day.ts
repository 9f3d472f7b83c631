/**
 * A bakery's day, run fast: what each machine shows `t` seconds after the demo started. Pure, so that it can be looked at
 * and tested; the phases repeat, and the first ten minutes have everything: preheating, baking, a door left open, a defrost,
 * and a machine that is switched off and on.
 */

export interface OvenState {
  readonly temperature: number
  readonly target: number
  readonly top: number
  readonly bottom: number
  readonly state: 'preheating' | 'ready' | 'running' | 'cooling_down'
  readonly stage: 'preheat' | 'loading' | 'steaming' | 'baking' | 'venting' | 'finished'
  readonly progress: number
  readonly minutesLeft: number
  readonly steam: number
  readonly door: 'open' | 'closed'
}

/** Linear between two points in time, flat outside. */
const ramp = (t: number, from: number, until: number, start: number, end: number): number =>
  start + (end - start) * Math.min(1, Math.max(0, (t - from) / (until - from)))

/** Small, smooth and repeatable unrest of a sensor. */
const unrest = (t: number, size: number): number => size * (Math.sin(t / 7) + Math.sin(t / 2.3)) * 0.5

const round = (value: number, decimals = 1): number => Math.round(value * 10 ** decimals) / 10 ** decimals

const ovenCycleSeconds = 300

/** A deck oven: preheats, is loaded, steams, bakes, vents, is emptied. */
export function ovenAt(t: number): OvenState {
  const c = t % ovenCycleSeconds
  const falls = ramp(c, 60, 90, 0, 14) - ramp(c, 90, 230, 0, 9)
  const temperature = ramp(c, 0, 50, 205, 232) - falls + unrest(t, 0.8)
  const baking = c >= 75 && c < 255
  const progress = baking ? ((c - 75) / 180) * 100 : c >= 255 ? 100 : 0
  return {
    temperature: round(temperature),
    target: 230,
    top: round(temperature + 4 + unrest(t + 3, 1)),
    bottom: round(temperature - 6 + unrest(t + 5, 1)),
    state: c < 50 ? 'preheating' : c < 60 ? 'ready' : c < 255 ? 'running' : 'ready',
    stage:
      c < 50
        ? 'preheat'
        : c < 75
          ? 'loading'
          : c < 90
            ? 'steaming'
            : c < 230
              ? 'baking'
              : c < 255
                ? 'venting'
                : 'finished',
    progress: round(progress),
    minutesLeft: baking ? round(((255 - c) / 180) * 22) : 0,
    steam: c >= 75 && c < 90 ? 85 : 0,
    door: (c >= 60 && c < 75) || c >= 270 ? 'open' : 'closed',
  }
}

export interface MixerState {
  readonly state: 'running' | 'standby'
  readonly stage: 'mixing' | 'finished' | 'idle'
  readonly rpm: number
  readonly progress: number
  readonly minutesLeft: number
  readonly doughTemperature: number
  readonly doughKg: number
}

/** A spiral mixer: slow, fast, rest. */
export function mixerAt(t: number): MixerState {
  const c = t % 180
  const mixing = c < 120
  return {
    state: mixing ? 'running' : 'standby',
    stage: mixing ? 'mixing' : c < 150 ? 'finished' : 'idle',
    rpm: c < 70 ? 98 : mixing ? 196 : 0,
    progress: mixing ? round((c / 120) * 100) : c < 150 ? 100 : 0,
    minutesLeft: mixing ? round(((120 - c) / 120) * 11) : 0,
    doughTemperature: round(ramp(c, 0, 120, 21.5, 25.8) + unrest(t, 0.1)),
    doughKg: c < 150 ? 78.5 : 0,
  }
}

export interface ColdRoomState {
  readonly temperature: number
  readonly evaporator: number
  readonly doorOpen: boolean
  readonly defrosting: boolean
  readonly compressorOn: boolean
}

/** A cold room: its door is left open from second 30 to 150 of every ten minutes, and it defrosts from 300 to 390. */
export function coldRoomAt(t: number): ColdRoomState {
  const c = t % 600
  const doorOpen = c >= 30 && c < 150
  const defrosting = c >= 300 && c < 390
  const warm = ramp(c, 30, 150, 0, 4.6) - ramp(c, 150, 280, 0, 4.6) + ramp(c, 300, 390, 0, 2) - ramp(c, 390, 480, 0, 2)
  return {
    temperature: round(3.1 + warm + unrest(t, 0.2)),
    evaporator: round(
      defrosting ? ramp(c, 300, 390, -6, 9) : c < 420 && c >= 390 ? ramp(c, 390, 420, 9, -6) : -6 + unrest(t, 0.5),
    ),
    doorOpen,
    defrosting,
    compressorOn: !defrosting && (doorOpen || c % 60 < 38),
  }
}

/** A proofer: holds 32 °C, a little lower when a rack goes in. */
export function prooferAt(t: number): { temperature: number; target: number } {
  return {
    temperature: round(32 - ramp(t % 240, 0, 6, 0, 1.8) + ramp(t % 240, 6, 90, 0, 1.8) + unrest(t, 0.2)),
    target: 32,
  }
}

/** An old rack oven that somebody switches off: on for 25 s, off for three minutes, on again for a while. */
export function rackOvenAt(t: number): { on: boolean; temperature: number } {
  const c = t % 300
  return { on: c < 25 || c >= 205, temperature: round(172 + unrest(t, 2)) }
}

/** The main meter, in kW: what the machines above draw, and the lights. */
export function powerAt(t: number): number {
  const oven = ovenAt(t)
  const heating = oven.state === 'preheating' ? 27 : oven.state === 'running' ? 16 + unrest(t, 4) : 5
  const mixer = mixerAt(t).rpm > 150 ? 5.2 : mixerAt(t).rpm > 0 ? 2.9 : 0.1
  const cold = coldRoomAt(t)
  return round(
    3.2 + heating + mixer + (cold.compressorOn ? 1.4 : 0.1) + (cold.defrosting ? 2.2 : 0) + (rackOvenAt(t).on ? 6 : 0),
    3,
  )
}

/** The main meter's counter in kWh: grows with the wall clock, so that it goes on growing after a restart. */
export function energyAt(wallClockMs: number): number {
  const hours = (wallClockMs - Date.UTC(2026, 0, 1)) / 3_600_000
  return round(8_400 + hours * 22.5, 2)
}

/** A freezer: a little warmer after somebody has been in it. */
export function freezerAt(t: number): { temperature: number; humidity: number; battery: number } {
  const c = t % 420
  return {
    temperature: round(-20.4 + ramp(c, 200, 230, 0, 2.6) - ramp(c, 230, 400, 0, 2.6) + unrest(t, 0.3)),
    humidity: round(61 + unrest(t, 2)),
    battery: 87,
  }
}

/** A dough sheeter: runs for a while, stands for a while. In W. */
export function sheeterAt(t: number): number {
  return round(t % 90 < 40 ? 740 + unrest(t, 60) : 6)
}

export interface StoneOvenState {
  readonly decks: readonly number[]
  readonly status: 'running' | 'ready'
  readonly energyKwh: number
  readonly hours: number
  readonly isMaintenanceDue: boolean
}

/** A stone oven of three decks that loses a little heat with each batch; its service falls due every ten minutes. */
export function stoneOvenAt(t: number, wallClockMs: number): StoneOvenState {
  const c = t % 360
  const heat = 236 - ramp(c, 20, 60, 0, 11) + ramp(c, 60, 300, 0, 11)
  return {
    decks: [heat + 3, heat, heat - 4].map((temperature, deck) => round(temperature + unrest(t + 3 * deck, 0.9))),
    status: c < 300 ? 'running' : 'ready',
    energyKwh: round(energyAt(wallClockMs) / 3, 1),
    hours: Math.floor((wallClockMs - Date.UTC(2020, 0, 1)) / 10_000_000),
    isMaintenanceDue: t % 600 >= 420,
  }
}

/** ChamberMode of OPC 30200. */
const chamberModes = { preheat: 4, baking: 17 } as const

export interface ChamberState {
  readonly mode: number
  readonly temperature: number
  readonly top: number
  readonly isDoorOpen: boolean
  readonly secondsLeft: number
}

/** A cake oven of two chambers, the second behind the first. */
export function cakeOvenAt(t: number): readonly ChamberState[] {
  return [0, 1].map((chamber) => {
    const c = (t + chamber * 100) % 240
    const temperature =
      ramp(c, 0, 40, 160, 182) - ramp(c, 40, 55, 0, 8) + ramp(c, 55, 120, 0, 8) + unrest(t + chamber, 0.7)
    return {
      mode: c < 40 ? chamberModes.preheat : chamberModes.baking,
      temperature: round(temperature),
      top: round(temperature + 3),
      isDoorOpen: c >= 40 && c < 50,
      secondsLeft: c < 40 ? 0 : Math.round(240 - c),
    }
  })
}

/** CombiSteamerMode of OPC 30200. */
const combiModes = { preheat: 2, standby: 3, combiSteaming: 5, error: 10 } as const
const combiCycleSeconds = 240
const programs = ['Brezel', 'Croissant', 'Quiche'] as const

export interface CombiState {
  readonly mode: number
  readonly chamber: number
  readonly core: number
  readonly humidity: number
  readonly isDoorOpen: boolean
  readonly secondsLeft: number
}

/** A combi steamer; the second reports an error from second 60 to 110 of every ten minutes. */
export function combiAt(t: number, unit: 1 | 2): CombiState {
  const c = (t + unit * 40) % combiCycleSeconds
  const isBroken = unit === 2 && t % 600 >= 60 && t % 600 < 110
  const isCooking = c >= 40 && c < 200
  const mode = c < 40 ? combiModes.preheat : isCooking ? combiModes.combiSteaming : combiModes.standby
  return {
    mode: isBroken ? combiModes.error : mode,
    chamber: round(ramp(c, 0, 40, 120, 188) - ramp(c, 200, 240, 0, 60) + unrest(t, 0.9)),
    core: round(ramp(c, 40, 195, 8, 96)),
    humidity: Math.round(ramp(c, 40, 60, 20, 65) - ramp(c, 150, 200, 0, 40)),
    isDoorOpen: c >= 200 && c < 215,
    secondsLeft: isCooking ? Math.round(200 - c) : 0,
  }
}

export interface CombiBatch {
  readonly number: number
  readonly program: string
  readonly startedAt: Date
  readonly isFinished: boolean
}

/** The batches of a combi steamer: that of the cycle now, and the one before it. */
export function combiBatchesAt(t: number, unit: 1 | 2, wallClockMs: number): CombiBatch[] {
  const cycles = Math.floor((t + unit * 40) / combiCycleSeconds)
  const c = (t + unit * 40) % combiCycleSeconds
  return [cycles - 1, cycles].map((cycle) => {
    const startedAt = new Date(wallClockMs - (c + (cycles - cycle) * combiCycleSeconds) * 1_000)
    return {
      number: Math.floor(startedAt.getTime() / 1_000) * 10 + unit,
      program: programs[(cycle + unit + programs.length) % programs.length] ?? programs[0],
      startedAt,
      isFinished: cycle < cycles || c >= 200,
    }
  })
}
