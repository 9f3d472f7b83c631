import { describe, expect, it } from 'vitest'
import { html } from './html.ts'

describe('html', () => {
  it.each<[unknown, string]>([
    ['<script>alert("1")</script>', '&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;'],
    [`" onload='x`, '&quot; onload=&#39;x'],
    ['&amp;', '&amp;amp;'],
    ['', ''],
  ])('escapes %j', (value, escaped) => {
    expect(html`<p title="${String(value)}">${String(value)}</p>`.text).toBe(`<p title="${escaped}">${escaped}</p>`)
  })

  it('keeps markup, also in lists, and writes nothing for null', () => {
    const items = ['<a>', 'b'].map((text) => html`<li>${text}</li>`)
    expect(html`<ul>${items}</ul>${null}${3}`.text).toBe('<ul><li>&lt;a&gt;</li><li>b</li></ul>3')
  })

  it('takes no text for markup, whatever it looks like', () => {
    expect(html`${JSON.stringify({ text: '<b>' })}`.text).toBe('{&quot;text&quot;:&quot;&lt;b&gt;&quot;}')
  })
})
