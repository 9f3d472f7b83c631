/** One call and what came back. */
export interface Example {
  /** As in the OpenAPI document, for instance `GET /api/v1/equipment/{id}`. */
  readonly operation: string
  readonly summary: string
  readonly url: string
  readonly body: object | undefined
  readonly status: number
  readonly answer: string
}

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g
const longest = 3_000

/** A page of examples: what differs from run to run stands as something that does not. */
export function examplePage(examples: readonly Example[]): string {
  const sections = examples.map(({ operation, summary, url, body, status, answer }) => {
    const [method = ''] = operation.split(' ')
    const parts = [
      'curl',
      ...(method === 'GET' ? [] : ['-X', method]),
      `"$BAKEWIRE${url}"`,
      '-H "Authorization: Bearer $KEY"',
      ...(body === undefined ? [] : ["-H 'Content-Type: application/json'", `-d '${JSON.stringify(body)}'`]),
    ]
    const shown = answer === '' ? [] : ['', '```', answer, '```']
    return ['', `## ${summary}`, `\`${operation}\``, '', '```sh', parts.join(' '), '```', `→ ${status}`, ...shown].join(
      '\n',
    )
  })
  return `${head}${steady(sections.join('\n'))}\n`
}

const head = `# Examples

One call of every route and what it answers, made by a test against the running service: \`npm run update\` writes this page.
Ids, times, durations and secrets are made up; \`BAKEWIRE=http://127.0.0.1:3000\` and \`KEY\` are set.
`

/** An answer as the page shows it: lists by their first items, text by its first lines. */
export function shownAnswer(text: string, type: string): string {
  if (text === '') return ''
  const shown = /json/.test(type)
    ? JSON.stringify(shortened(JSON.parse(text)), null, 2)
    : text.split('\n').slice(0, 8).join('\n')
  return shown.length > longest ? `${shown.slice(0, longest)}\n…` : shown
}

function shortened(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 2).map(shortened)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, shortened(one)]))
}

function steady(page: string): string {
  const ids = new Map<string, string>()
  const named = (id: string) => {
    const known = ids.get(id) ?? `00000000-0000-4000-8000-${String(ids.size + 1).padStart(12, '0')}`
    ids.set(id, known)
    return known
  }
  return page
    .replace(/\/a\/[\w-]+(\.[\w-]+)*/g, '/a/TOKEN')
    .replace(/%2Fa%2F[\w.-]+/g, '%2Fa%2FTOKEN')
    .replace(uuid, named)
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, '2026-11-20T04:00:00.000Z')
    .replace(/\d{4}-\d\d-\d\d(%20|T| )\d\d:\d\d/g, '2026-11-20$104:00')
    .replace(/("(?:ms|response_time_ms|age_seconds)": )[\d.]+/g, '$112')
    .replace(/("(?:iot_)?port": ?)\d{4,5}/g, '$15020')
    .replace(/127\.0\.0\.1:\d{4,5}/g, '127.0.0.1:5020')
    .replace(/answered in [\d.]+ ms/g, 'answered in 12 ms')
    .replace(/-----BEGIN CERTIFICATE-----[\w+/=\\-]+?-----END CERTIFICATE-----/g, '-----BEGIN CERTIFICATE-----…')
    .replace(/("(?:fingerprint|thumbprint)": ")(?!5e5e)[0-9a-f]+/g, '$1b0a7')
    .replace(/bw_[\w-]+/g, 'bw_KEY')
    .replace(/whsec_[\w+/=-]+/g, 'whsec_SECRET')
    .replace(/("next_cursor": )"[\w-]+"/g, '$1"CURSOR"')
    .replace(/id: \d+-\d+/g, 'id: 1795190400000-0')
}
