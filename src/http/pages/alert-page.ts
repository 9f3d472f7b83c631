import type { AlertView, Fact, Figure } from './alert-view.ts'
import { html } from './html.ts'
import { page } from './page.ts'

/** One alert, readable at four in the morning on a phone. */
export function alertPage(view: AlertView): string {
  const { tone, severity, status, title, heading, message, crossed, current, facts } = view
  return page(
    title,
    html`<article class="card ${tone}">
<div class="band"><span>${severity}</span><span>${status}</span></div>
<div class="body">
<h1>${heading}</h1>
<p class="message">${message}</p>
<div class="figures">${crossed && figure(crossed, 'crossed')}${figure(current, '')}</div>
<dl>${facts.map(fact)}</dl>
<a class="button quiet" href="">Look again</a>
</div>
</article>`,
    'times in UTC',
  )
}

function figure({ label, value, note, isOld }: Figure, kind: string) {
  return html`<div class="figure ${kind}"><span class="label">${label}</span><span class="value">${value}</span><span class="note${isOld ? ' old' : ''}">${note}</span></div>`
}

function fact([term, text, note]: Fact) {
  const small = note === undefined ? null : html`<span class="note">${note}</span>`
  return html`<div><dt>${term}</dt><dd>${text}${small}</dd></div>`
}
