/**
 * The value that an RFC 6901 JSON pointer names in a parsed document, undefined where there is none. Only a value's own
 * properties count, so `/__proto__` or `/length` name nothing that the document does not hold.
 */
export function evaluatePointer(document: unknown, pointer: string): unknown {
  if (pointer === '') return document
  if (!pointer.startsWith('/')) return undefined
  let value = document
  for (const token of tokensOf(pointer)) {
    if (value === undefined) break
    value = childOf(value, token)
  }
  return value
}

/** The pointers of configured points come again with each answer; others, of documents that are looked through, come and go. */
const known = new Map<string, readonly string[]>()
const knownMax = 20_000

function tokensOf(pointer: string): readonly string[] {
  const before = known.get(pointer)
  if (before) return before
  const tokens = pointer
    .slice(1)
    .split('/')
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
  if (known.size >= knownMax) known.clear()
  known.set(pointer, tokens)
  return tokens
}

/** RFC 6901, 4: an array index has no leading zeros; `-` names the element after the last, which does not exist. */
const arrayIndex = /^(0|[1-9]\d*)$/

function childOf(parent: unknown, name: string): unknown {
  if (Array.isArray(parent)) return arrayIndex.test(name) ? parent[Number(name)] : undefined
  if (typeof parent !== 'object' || parent === null || !Object.hasOwn(parent, name)) return undefined
  return (parent as Readonly<Record<string, unknown>>)[name]
}
