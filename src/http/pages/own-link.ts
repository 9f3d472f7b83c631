/** The characters of a URI (RFC 3986, 2); everything else has to be percent-encoded in one. */
const uriCharacters = /^[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]+$/

/**
 * The link if it leads to this service, as it may stand in a page; nothing otherwise. It has to begin with our own origin,
 * letter by letter: what a browser might read another way is not corrected but refused.
 */
export function ownLink(link: string, publicUrl: string): string | undefined {
  const { origin } = new URL(publicUrl)
  if (!link.startsWith(`${origin}/`) || !uriCharacters.test(link)) return undefined
  const path = link.slice(origin.length)
  if (path.startsWith('//') || /%(?:5c|2f|00|0a|0d)/i.test(path)) return undefined
  const url = URL.parse(link)
  if (url?.origin !== origin || url.username !== '' || url.password !== '' || url.pathname.startsWith('//'))
    return undefined
  return url.href
}
