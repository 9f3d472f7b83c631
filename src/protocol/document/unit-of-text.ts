import type { Quantity } from '#core'

export interface TextUnit {
  readonly quantity: Quantity
  /** UCUM code. */
  readonly unit: string
}

/** How machines write the units that Bakewire converts, by UCUM code. Letters count as they are: mW is no MW. */
const spellings: Record<Quantity, Record<string, readonly string[]>> = {
  temperature: {
    Cel: ['Cel', 'C', '°C', '℃', 'º C', 'ºC', '° C', 'degC', 'deg C', 'Celsius'],
    '[degF]': ['[degF]', 'F', '°F', '℉', 'ºF', '° F', 'degF', 'deg F', 'Fahrenheit'],
    K: ['K', 'Kelvin'],
  },
  fraction: { '%': ['%', '%RH', '% RH', '%rH', '% rH', '%rF', '% rF', '% r.F.'], '[ppth]': ['[ppth]', '‰'] },
  energy: { 'kW.h': ['kW.h', 'kWh'], 'W.h': ['W.h', 'Wh'], 'MW.h': ['MW.h', 'MWh'], MJ: ['MJ'], J: ['J'] },
  power: { kW: ['kW'], W: ['W'], MW: ['MW'] },
  mass: { kg: ['kg'], g: ['g'], t: ['t'], '[lb_av]': ['[lb_av]', 'lb', 'lbs'] },
  time: { min: ['min', 'mins'], s: ['s', 'sec'], ms: ['ms'], h: ['h', 'hrs'] },
  rotation: { '{rpm}': ['{rpm}', 'rpm', 'RPM', 'U/min', '1/min', '/min'], Hz: ['Hz', '/s', '1/s'] },
}

const units: ReadonlyMap<string, TextUnit> = new Map(
  Object.entries(spellings).flatMap(([quantity, byUnit]) =>
    Object.entries(byUnit).flatMap(([unit, texts]) =>
      texts.map((text): [string, TextUnit] => [text, { quantity: quantity as Quantity, unit }]),
    ),
  ),
)

/** The unit that a text names, however its words are spaced; undefined where it is none that is known. */
export function unitOfText(text: string): TextUnit | undefined {
  return units.get(text.replace(/\s+/g, ' '))
}
