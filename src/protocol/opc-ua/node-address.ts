/** A node's name that stays the same over restarts of its server: the namespace by its URI, not by its index. */
export interface NodeAddress {
  /** Absent: the namespace of OPC UA itself. */
  readonly namespace: string | undefined
  /** OPC 10000-6, 5.3.1.10: numeric, string, GUID or opaque. */
  readonly kind: 'i' | 's' | 'g' | 'b'
  readonly identifier: string
}

/** One step of a browse path. */
export interface BrowseName {
  /** Absent: the namespace of the step before it. */
  readonly namespace: string | undefined
  readonly name: string
}

const identifiers: Readonly<Record<NodeAddress['kind'], RegExp>> = {
  i: /^(0|[1-9]\d{0,9})$/,
  s: /^.+$/s,
  g: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  b: /^[A-Za-z0-9+/]+={0,2}$/,
}

const numberMax = 2 ** 32 - 1

/** `nsu=http://vendor.example/;s=Oven/Temperature`, `i=2258`; undefined for anything else, indexes (`ns=2;…`) included. */
export function parseNode(text: string): NodeAddress | undefined {
  const [, uri, kind, identifier = ''] = /^(?:nsu=([^;]+);)?([isgb])=(.*)$/s.exec(text) ?? []
  if (!isKind(kind) || !identifiers[kind].test(identifier)) return undefined
  if (kind === 'i' && Number(identifier) > numberMax) return undefined
  return { namespace: uri === undefined ? undefined : unescaped(uri), kind, identifier }
}

/** `nsu=http://vendor.example/;Chamber`, `Chamber`; undefined for what is empty. */
export function parseBrowseName(text: string): BrowseName | undefined {
  const [, uri, name = ''] = /^(?:nsu=([^;]+);)?(.+)$/s.exec(text) ?? []
  return name === '' || /^nsu?=/.test(name)
    ? undefined
    : { namespace: uri === undefined ? undefined : unescaped(uri), name }
}

function isKind(text: string | undefined): text is NodeAddress['kind'] {
  return text !== undefined && Object.hasOwn(identifiers, text)
}

/** OPC 10000-6, 5.1.12: a semicolon and a percent sign of a URI are written %3B and %25. */
function unescaped(uri: string): string {
  return uri.replace(/%3B/gi, ';').replaceAll('%25', '%')
}

interface NodeInSession {
  /** 1: numeric, 2: string, 3: GUID, 4: opaque (OPC 10000-6, 5.2.2.9). */
  readonly identifierType: number
  readonly value: unknown
  readonly namespace: number
}

/** The same name of a node that a session numbers; undefined where the session has no such namespace. */
export function nodeText(
  { identifierType, value, namespace }: NodeInSession,
  uris: readonly string[],
): string | undefined {
  const kind = (['i', 's', 'g', 'b'] as const)[identifierType - 1]
  const uri = namespace === 0 ? '' : uris[namespace]
  if (kind === undefined || uri === undefined) return undefined
  const identifier = Buffer.isBuffer(value) ? value.toString('base64') : String(value)
  const escaped = uri.replaceAll('%', '%25').replaceAll(';', '%3B')
  const text = `${uri === '' ? '' : `nsu=${escaped};`}${kind}=${identifier}`
  return parseNode(text) && text
}
