import { html } from './html.ts'
import { ownLink } from './own-link.ts'
import { page } from './page.ts'

export interface BacklinkQuery {
  readonly title?: unknown
  readonly description?: unknown
  readonly link?: unknown
}

/** More of a text than a backlink can carry is not ours. */
const textLengthMax = 2_000

/** Where a backlink leads: its title and text, with one button to the link, provided that it is one of ours. */
export function backlinkPage(query: BacklinkQuery, publicUrl: string): string {
  const title = textOf(query.title) || 'Message from the bakery'
  const description = textOf(query.description)
  const link = textOf(query.link)
  const safe = ownLink(link, publicUrl)
  return page(
    title,
    html`<div class="card info"><div class="band"><span>Message</span></div>
<div class="body">
<h1>${title}</h1>
${description === '' ? null : html`<p class="message">${description}</p>`}
${safe === undefined ? noLink(link) : html`<a class="button" href="${safe}" rel="noreferrer">Open</a>`}
</div></div>`,
    new URL(publicUrl).host,
  )
}

function noLink(link: string) {
  return link === ''
    ? html`<p class="note">There is no link with this message.</p>`
    : html`<p class="note">The link of this message does not lead to this service, so it is not offered.</p>`
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, textLengthMax).trim() : ''
}
