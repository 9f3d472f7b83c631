/** One way of logging in that a server offers: `Digest realm="oven", nonce="…"`. */
export interface Challenge {
  /** In lower case. */
  readonly scheme: string
  /** By name in lower case; of several of one name the last. */
  readonly parameters: ReadonlyMap<string, string>
}

const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+"
const quoted = '"(?:[^"\\\\]|\\\\.)*"'
const parameter = new RegExp(`^(${token})\\s*=\\s*(${quoted}|${token})\\s*(?:,|$|(?=\\s))`, 's')
const scheme = new RegExp(`^(${token})(?:\\s+|\\s*(?=,|$))`)
/** Of a scheme that takes no parameters: `Negotiate YII=`. */
const token68 = /^[A-Za-z0-9._~+/-]+=*\s*(?:,|$)/
/** A header is bounded as a whole already; this bounds the work on one that is made to be hard. */
const charactersMax = 8_192

/**
 * RFC 9110, 11.6.1: the challenges of a `WWW-Authenticate` header, several in one value or values joined by commas. What
 * cannot be understood ends the list.
 */
export function parseChallenges(header: string | undefined): Challenge[] {
  const challenges: { scheme: string; parameters: Map<string, string> }[] = []
  let rest = (header ?? '').slice(0, charactersMax).replace(/^[\s,]+/, '')
  while (rest !== '') {
    const current = challenges.at(-1)
    const given = current && parameter.exec(rest)
    if (given) {
      const [matched, name = '', value = ''] = given
      current.parameters.set(name.toLowerCase(), unquoted(value))
      rest = rest.slice(matched.length)
    } else {
      const named = scheme.exec(rest)
      if (!named?.[1]) break
      challenges.push({ scheme: named[1].toLowerCase(), parameters: new Map() })
      rest = rest.slice(named[0].length).replace(token68, '')
    }
    rest = rest.replace(/^[\s,]+/, '')
  }
  return challenges
}

function unquoted(value: string): string {
  return value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/gs, '$1') : value
}
