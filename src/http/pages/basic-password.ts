/** The password of an `Authorization: Basic` header (RFC 7617); nothing when there is none. */
export function basicPassword(header: string | undefined): string | undefined {
  const encoded = header?.match(/^Basic ([A-Za-z0-9+/]{1,1000}={0,2})$/i)?.[1]
  if (encoded === undefined) return undefined
  const pair = Buffer.from(encoded, 'base64').toString()
  const colon = pair.indexOf(':')
  return colon < 0 ? undefined : pair.slice(colon + 1)
}
