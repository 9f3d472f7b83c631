/**
 * The value that an RFC 6901 JSON pointer names in a parsed document, undefined where there is none. Only a value's own
 * properties count, so `/__proto__` or `/length` name nothing that the document does not hold.
 */
export function evaluatePointer(document: unknown, pointer: string): unknown {
  if (pointer === '') return document
  if (!pointer.startsWith('/')) return undefined
  let value = document
  for (let slash = 0; slash >= 0 && value !== undefined; ) {
    const next = pointer.indexOf('/', slash + 1)
    const token = next < 0 ? pointer.slice(slash + 1) : pointer.slice(slash + 1, next)
    value = childOf(value, token.includes('~') ? token.replaceAll('~1', '/').replaceAll('~0', '~') : token)
    slash = next
  }
  return value
}

/** RFC 6901, 4: an array index has no leading zeros; `-` names the element after the last, which does not exist. */
const arrayIndex = /^(0|[1-9]\d*)$/

function childOf(parent: unknown, name: string): unknown {
  if (Array.isArray(parent)) return arrayIndex.test(name) ? parent[Number(name)] : undefined
  if (typeof parent !== 'object' || parent === null || !Object.hasOwn(parent, name)) return undefined
  return (parent as Readonly<Record<string, unknown>>)[name]
}
