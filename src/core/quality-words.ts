import type { ErrorCode } from './errors.ts'

/** What a word says of a value that is there. */
interface Meaning {
  /** Alert rules judge the value. */
  readonly judged: boolean
  /** Averages, extremes and counters of a span count the value. */
  readonly counted: boolean
}

/**
 * The words for values that are there. All of them are judged: a broken sensor must not be what keeps an alarm quiet. What the
 * machine itself doubts or no machine can have is no statistic; what may well be true is.
 */
const valueWords = {
  /** The equipment itself doubts it. */
  UNCERTAIN: { judged: true, counted: false },
  /** No such machine can have it. */
  IMPLAUSIBLE: { judged: true, counted: false },
  /** It came faster than such a machine can change. */
  RATE: { judged: true, counted: false },
  /** Exactly the same for longer than such a sensor can give it: a coarse one in a quiet machine may. */
  FLATLINE: { judged: true, counted: true },
  /** A counter that fell: set back, exchanged, or counting backwards. */
  COUNTER_RESET: { judged: true, counted: true },
  /** Of `source_time` alone: the machine's clock is wrong, or what it gives is old. */
  CLOCK_SKEW: { judged: true, counted: true },
  /** Kept by the machine while nobody read it: it stands at the machine's own time. Who judges readings as they come passes it over. */
  BACKFILLED: { judged: false, counted: true },
} as const satisfies Record<string, Meaning>

export type ValueWord = keyof typeof valueWords
export const valueWordNames = Object.keys(valueWords) as [ValueWord, ...ValueWord[]]

/** Those of values that count in statistics. */
export const countedWords = valueWordNames.filter((word) => valueWords[word].counted)

/** Why a value is not good: the code of the fault that left none, `MISSING` where not even a fault came, or a word for a value. */
export type QualityWord = ErrorCode | 'MISSING' | ValueWord

/** Whether alert rules judge a value that is marked so. */
export function isJudged(word: QualityWord | undefined): boolean {
  return word === undefined || (isValueWord(word) && valueWords[word].judged)
}

/** Whether a value that is marked so counts in statistics. */
export function isCounted(word: string | undefined): boolean {
  return word === undefined || (isValueWord(word) && valueWords[word].counted)
}

function isValueWord(word: string): word is ValueWord {
  return Object.hasOwn(valueWords, word)
}
