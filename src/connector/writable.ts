import { z } from 'zod'
import type { MetricPlace, PathFault } from '#core'

/** A point's leave to be written, as a configuration gives it: the allow-list of what may be steered at all. */
export const writableField = z
  .union(
    [
      z.literal(true),
      z
        .strictObject({ min: z.number(), max: z.number() })
        .refine(({ min, max }) => min <= max, 'has a min above its max'),
      z.strictObject({ words: z.array(z.string().min(1).max(100)).min(1).max(64) }),
    ],
    { error: 'must be {"min": …, "max": …}, {"words": […]}, or true for what is on or off' },
  )
  .meta({
    title: 'May be written',
    description:
      'In our unit and words: {"min": 20, "max": 250}, {"words": ["running"]}, or true for what is on or off. Absent: never.',
  })

export type GivenWritable = z.output<typeof writableField>

interface WritablePoint {
  readonly metric: string
  readonly place: MetricPlace | undefined
  readonly words: Readonly<Record<string, string>> | undefined
  readonly write: GivenWritable
}

/** What is wrong with a point's leave to be written: another form than its metric has, or a word that the machine has not. */
export function writableFaults(path: string, { metric, place, words, write }: WritablePoint): PathFault[] {
  const wanted = wantedForm(place, words)
  if (wanted && formOf(write) !== wanted) return [{ path, message: `must be ${examples[wanted]} for ${metric}` }]
  if (write === true || 'min' in write) return []
  const known = place?.in === 'column' && place.metric.kind === 'word' ? place.metric.words : undefined
  return write.words.flatMap((word) => {
    const message = wordFault(word, known, words)
    return message === undefined ? [] : [{ path: `${path}.words`, message }]
  })
}

type Form = 'range' | 'words' | 'switch'

const examples: Record<Form, string> = {
  range: '{"min": …, "max": …}',
  words: '{"words": […]}',
  switch: 'true',
}

function formOf(write: GivenWritable): Form {
  if (write === true) return 'switch'
  return 'min' in write ? 'range' : 'words'
}

/** `undefined` where nothing says what the value is: a sensor of the machine's own, without words. */
function wantedForm(place: MetricPlace | undefined, words: WritablePoint['words']): Form | undefined {
  if (place?.in === 'additional') return words ? 'words' : undefined
  return place?.in === 'column' && place.metric.kind === 'word' ? 'words' : 'range'
}

function wordFault(
  word: string,
  known: readonly string[] | undefined,
  words: WritablePoint['words'],
): string | undefined {
  if (known && (word === 'unknown' || !known.includes(word)))
    return `${word} is none of ${known.filter((one) => one !== 'unknown').join(', ')}`
  const count = words ? valuesOf(word, words).length : 1
  if (count === 1) return undefined
  return `${word} has ${count === 0 ? 'no value' : 'several values'} of the machine in words`
}

/** The machine's values, as text, that mean a word. */
export function valuesOf(word: string, words: Readonly<Record<string, string>>): string[] {
  return Object.keys(words).filter((value) => words[value] === word)
}
