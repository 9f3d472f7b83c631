/** Units that a name can end in, as one word: UCUM. */
const unitWords: Readonly<Record<string, string>> = {
  celsius: 'Cel',
  degc: 'Cel',
  fahrenheit: '[degF]',
  degf: '[degF]',
  percent: '%',
  pct: '%',
  watt: 'W',
  watts: 'W',
  kw: 'kW',
  wh: 'W.h',
  kwh: 'kW.h',
  volt: 'V',
  volts: 'V',
  ampere: 'A',
  amps: 'A',
  hz: 'Hz',
  rpm: '{rpm}',
  kg: 'kg',
  seconds: 's',
  minutes: 'min',
}

/** Single letters say a unit only behind what is measured. */
const unitLetters: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  temp: { c: 'Cel', f: '[degF]' },
  temperature: { c: 'Cel', f: '[degF]' },
  power: { w: 'W' },
  voltage: { v: 'V' },
  current: { a: 'A' },
}

/** What is measured, and the units that leave no doubt that it is that. */
const canonical: readonly (readonly [word: string, units: readonly string[], metric: string])[] = [
  ['temp', ['Cel', '[degF]'], 'temperature'],
  ['temperature', ['Cel', '[degF]'], 'temperature'],
  ['humidity', ['%'], 'humidity'],
  ['power', ['W', 'kW'], 'power_kw'],
  ['energy', ['W.h', 'kW.h'], 'energy_consumption_kwh'],
]

const nameLengthMax = 64

/** Proposes a metric for each value that is found, no two the same. */
export interface MetricNames {
  of(levels: readonly string[], tokens: readonly string[]): { readonly metric: string; readonly unit?: string }
}

export function createMetricNames(): MetricNames {
  const taken = new Set<string>()
  /** How often a name was numbered, so that many of the same are no search. */
  const numbers = new Map<string, number>()
  const take = (metric: string): boolean => !taken.has(metric) && Boolean(taken.add(metric))
  return {
    of(levels, tokens) {
      const own = tokens.length > 0 ? tokens : levels.slice(-1)
      const others = tokens.length > 0 ? levels : levels.slice(0, -1)
      const words = wordsOf(own.at(-1) ?? '')
      const unit = unitOf(words)
      const metric = canonicalOf(words, unit)
      const known = unit === undefined ? {} : { unit }
      if (metric !== undefined && take(metric)) return { metric, ...known }
      return { metric: freeName({ own, others, take, numbers }), ...known }
    },
  }
}

interface Naming {
  readonly own: readonly string[]
  readonly others: readonly string[]
  readonly take: (metric: string) => boolean
  readonly numbers: Map<string, number>
}

/** As much of the topic in front as it takes to be the only one, then a number. */
function freeName({ own, others, take, numbers }: Naming): string {
  let name = ''
  for (let count = 0; count <= others.length; count++) {
    name = additional([...others.slice(others.length - count), ...own])
    if (take(name)) return name
  }
  for (let number = (numbers.get(name) ?? 1) + 1; ; number++) {
    numbers.set(name, number)
    const numbered = `${name.slice(0, nameLengthMax)}_${number}`
    if (take(numbered)) return numbered
  }
}

function additional(parts: readonly string[]): string {
  const text = parts.flatMap(wordsOf).join('_').slice(-nameLengthMax).replace(/^_+/, '')
  return `additional.${text === '' ? 'value' : text}`
}

/** `switch:0` → switch, 0; `tempC` → temp, c; `ENERGY` → energy. */
function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')
}

function unitOf(words: readonly string[]): string | undefined {
  const [last = '', before = ''] = words.toReversed()
  const letters = Object.hasOwn(unitLetters, before) ? unitLetters[before] : undefined
  if (letters && Object.hasOwn(letters, last)) return letters[last]
  return words.length > 1 && Object.hasOwn(unitWords, last) ? unitWords[last] : undefined
}

function canonicalOf(words: readonly string[], unit: string | undefined): string | undefined {
  if (unit === undefined || words.length !== 2) return undefined
  return canonical.find(([word, units]) => word === words[0] && units.includes(unit))?.[2]
}
