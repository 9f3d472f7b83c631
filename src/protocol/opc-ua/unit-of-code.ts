/** UCUM units by UNECE Recommendation 20 common code, as far as Bakewire converts them. */
const units: Readonly<Record<string, string>> = {
  CEL: 'Cel',
  FAH: '[degF]',
  KEL: 'K',
  P1: '%',
  KWH: 'kW.h',
  WHR: 'W.h',
  MWH: 'MW.h',
  '3B': 'MJ',
  JOU: 'J',
  KWT: 'kW',
  WTT: 'W',
  MAW: 'MW',
  KGM: 'kg',
  GRM: 'g',
  TNE: 't',
  LBR: '[lb_av]',
  SEC: 's',
  MIN: 'min',
  HUR: 'h',
  C26: 'ms',
  RPM: '{rpm}',
  HTZ: 'Hz',
}

/** The UCUM unit of an EUInformation's unitId, which is the letters of the common code as one number (OPC 10000-8, 5.6.3). */
export function unitOfCode(unitId: number): string | undefined {
  const letters = [24, 16, 8, 0].map((shift) => (unitId >> shift) & 0xff).filter((byte) => byte !== 0)
  const code = String.fromCharCode(...letters)
  return Object.hasOwn(units, code) ? units[code] : undefined
}
