import { createHash } from 'node:crypto'
import { Html, html } from './html.ts'
import { stylesheet } from './stylesheet.ts'

const styleHash = createHash('sha256').update(stylesheet).digest('base64')

/** What every page says to browsers, scanners and caches on the way. */
export const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': [
    "default-src 'none'",
    `style-src 'sha256-${styleHash}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  'x-robots-tag': 'noindex, nofollow',
  'x-content-type-options': 'nosniff',
} as const

/** A whole page: no script, nothing from elsewhere. */
export function page(title: string, content: Html, footer = ''): string {
  const style = new Html(stylesheet)
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<main>
${content}
<footer>Bakewire${footer === '' ? '' : ` · ${footer}`}</footer>
</main>
</body>
</html>
`.text
}

/** A page that says one thing. */
export function messagePage(title: string, message: string): string {
  return page(
    title,
    html`<div class="card"><div class="body"><h1>${title}</h1><p class="message">${message}</p></div></div>`,
  )
}
