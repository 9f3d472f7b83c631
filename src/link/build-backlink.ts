import { limits } from '#core'
import { removePersonalData } from './remove-personal-data.ts'

export interface Backlink {
  /** The page that shows title, description and link: ours, or for instance `https://aepiot.com/backlink.html`. */
  readonly base: string
  readonly title: string
  readonly description: string
  readonly link: string
}

const ellipsis = '…'
/** More of a text than this never fits. */
const textLengthMax = limits.backlinkLengthMax

/**
 * The URL `base?title=…&description=…&link=…` (requirement L1), percent-encoded (RFC 3986), at most 2,000 characters: the
 * description is shortened first, then the title, the link never. Throws when base and link alone are too long.
 */
export function buildBacklink({ base, title, description, link }: Backlink): string {
  const start = `${base}${base.includes('?') ? '&' : '?'}title=`
  const middle = '&description='
  const end = `&link=${percentEncode(link)}`
  const room = limits.backlinkLengthMax - start.length - middle.length - end.length
  if (room < 0) throw new Error(`a backlink of ${start.length + middle.length + end.length} characters is too long`)
  const encodedTitle = encodeWithin(readable(title), room)
  const encodedDescription = encodeWithin(readable(description), room - encodedTitle.length)
  return start + encodedTitle + middle + encodedDescription + end
}

/** Everything but the unreserved characters of RFC 3986, 2.3. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** One line of what a person may see: no control characters, no halves of characters, nothing personal. */
export function readable(text: string): string {
  const line = text
    .slice(0, textLengthMax)
    .replace(/\p{Cs}/gu, '')
    // Characters that turn the direction of writing could make a link look like another one.
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(/[\p{Cc}\p{Z}]+/gu, ' ')
    .trim()
  return removePersonalData(line)
}

/** The encoded text, cut between characters so that it fits; nothing where not even the sign of a cut does. */
function encodeWithin(text: string, lengthMax: number): string {
  const encoded = percentEncode(text)
  if (encoded.length <= lengthMax) return encoded
  const cut = percentEncode(ellipsis)
  let kept = ''
  for (const character of text) {
    const next = percentEncode(character)
    if (kept.length + next.length + cut.length > lengthMax) break
    kept += next
  }
  return cut.length <= lengthMax ? kept + cut : ''
}
