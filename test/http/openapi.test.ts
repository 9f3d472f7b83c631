import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ErrorCode, errorTable } from '#core'
import { acceptConfiguration } from '../../src/http/accept-configuration.ts'
import { alertSchema } from '../../src/http/alert-record.ts'
import { browseAnswerSchema } from '../../src/http/browsed.ts'
import { configurationExamples } from '../../src/http/configuration-examples.ts'
import { connectionTestSchema } from '../../src/http/connection-test.ts'
import { problemSchema } from '../../src/http/problem.ts'
import { realtimeDataSchema } from '../../src/http/realtime-data.ts'
import { writeAnswerSchema } from '../../src/http/write-result.ts'
import { type HttpRig, startHttpRig } from './http-rig.ts'

let rig: HttpRig
beforeAll(async () => {
  rig = await startHttpRig()
})
afterAll(() => rig.stop())

interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly description: string
  readonly tags: string[]
  readonly security: object[]
  readonly responses: Readonly<Record<string, { description: string; content?: object }>>
  readonly requestBody?: { readonly required: boolean }
}

const operations = (): [string, Operation][] =>
  Object.entries(rig.openapi.paths as Record<string, Record<string, Operation>>).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Operation] => [
      `${method.toUpperCase()} ${path}`,
      operation,
    ]),
  )

describe('the OpenAPI document', () => {
  it('is the one in openapi/openapi.json', async () => {
    await expect(`${JSON.stringify(rig.openapi, null, 2)}\n`).toMatchFileSnapshot('../../openapi/openapi.json')
  })

  it('names every route, and no other', () => {
    const routes = rig.app.routeTable
      .filter(({ method, url }) => method !== 'HEAD' && !/^\/($|docs|openapi|a\/|alerts\/|backlink)/.test(url))
      .map(({ method, url }) => `${method} ${url.replaceAll(/:(\w+)/g, '{$1}')}`)
    expect(
      operations()
        .map(([name]) => name)
        .sort(),
    ).toEqual(routes.sort())
  })

  it('has no reference that leads nowhere, and no component that nothing refers to', () => {
    const text = JSON.stringify(rig.openapi)
    const referred = new Set([...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name))
    expect([...referred].sort()).toEqual(Object.keys(rig.openapi.components.schemas))
  })

  it('says of every operation what it does, which key it needs and how it fails', () => {
    const ids = operations().map(([, { operationId }]) => operationId)
    expect(new Set(ids).size).toBe(ids.length)
    for (const [name, { summary, description, tags, security, responses }] of operations()) {
      expect(summary, name).toMatch(/^[A-Z].+[^.]$/)
      expect(tags, name).toHaveLength(1)
      expect(description, name).toMatch(
        security.length === 0 ? /Needs no key\.$/ : /Needs a key with `(read|write|admin)` access\.$/,
      )
      expect(
        Object.values(responses).map((response) => response.description),
        name,
      ).not.toContain('Default Response')
      expect(Object.keys(responses), name).toContain('500')
    }
  })

  it('says which bodies may be left out', () => {
    const optional = operations().filter(([, { requestBody }]) => requestBody?.required === false)
    expect(optional.map(([name]) => name.split('/').at(-1)).sort()).toEqual([
      'acknowledge',
      'resolve',
      'test-connection',
    ])
  })

  it('offers every connector as a configuration, with its names, secrets marked', () => {
    const { schemas } = rig.openapi.components
    for (const { id, aliases = [], profiles } of rig.registry.connectors) {
      const names = [id, ...aliases, ...profiles.map((profile) => profile.id)]
      const component = Object.values(
        schemas as Record<string, { properties?: { protocol?: { enum?: string[] } } }>,
      ).find(({ properties }) => properties?.protocol?.enum?.includes(id))
      expect(component?.properties?.protocol?.enum).toEqual(names)
    }
    expect(schemas.IotConfiguration.oneOf).toHaveLength(rig.registry.connectors.length)
    expect(schemas.RestApiConfiguration.properties.credentials.properties.token).toMatchObject({
      'x-secret': true,
      writeOnly: true,
    })
  })

  it.each(configurationExamples)('gives an example of $protocol that is accepted', (example) => {
    expect(acceptConfiguration(rig.registry, crypto.randomUUID(), example).target.points.length).toBeGreaterThan(0)
  })

  it.each([
    ['a problem', problemSchema],
    ['an alert', alertSchema],
    ['a connection test', connectionTestSchema],
    ['realtime data', realtimeDataSchema],
    ['what was found', browseAnswerSchema],
    ['what was written', writeAnswerSchema],
  ] as const)('gives an example of %s that is one', (_name, schema) => {
    const examples = schema.meta()?.['examples']
    expect(examples).toHaveLength(1)
    for (const example of examples as unknown[]) expect(schema.parse(example)).toEqual(example)
  })
})

describe('the table of errors', () => {
  it('is the one in openapi/errors.md', async () => {
    const rows = Object.entries(errorTable)
      .sort(([, one], [, other]) => one.status - other.status)
      .map(([code, { status, remedy, title }]) => `| \`${code}\` | ${status} | ${remedy} | ${title} |`)
    const lines = ['| code | status | remedy | title |', '| --- | --- | --- | --- |', ...rows]
    await expect(`# Errors\n\n${lines.join('\n')}\n`).toMatchFileSnapshot('../../openapi/errors.md')
  })

  it('and the OpenAPI document name the same codes', () => {
    expect(rig.openapi.components.schemas.Problem.properties.code.enum.toSorted()).toEqual(
      Object.keys(errorTable).sort(),
    )
  })

  it('and the operations give each code the same status and title', () => {
    for (const [name, { responses }] of operations()) {
      for (const [status, { description, content }] of Object.entries(responses)) {
        if (!content || !('application/problem+json' in content)) continue
        const codes = [...description.matchAll(/`([A-Z_]+)`: (.+)\./g)]
        expect(codes.length, `${name} ${status}`).toBeGreaterThan(0)
        for (const [, code, title] of codes)
          expect(errorTable[code as ErrorCode]).toMatchObject({ status: Number(status), title })
      }
    }
  })
})

describe('/docs', () => {
  it.each([
    '/docs',
    '/docs/',
    '/docs/static/index.html',
    '/docs/static/swagger-ui.css',
    '/docs/static/swagger-ui-bundle.js',
    '/docs/json',
    '/openapi.json',
  ])('gives %s without a key', async (url) => {
    expect([200, 302]).toContain((await rig.call('GET', url, { key: null })).status)
  })

  it('loads nothing from elsewhere', async () => {
    const { headers, text } = await rig.call('GET', '/docs/', { key: null })
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self';/)
    expect(text).not.toMatch(/(src|href)="(https?:)?\/\//)
    expect(text).not.toMatch(/<script>|<script [^>]*>\s*[^<\s]/)
  })

  it.each([
    '/docs/static/../../package.json',
    '/docs/static/..%2f..%2fpackage.json',
    '/docs/static/%2e%2e/%2e%2e/package.json',
    '/docs/static/index.css%00.html',
  ])('gives no file outside: %s', async (url) => {
    expect([400, 404]).toContain((await rig.call('GET', url, { key: null })).status)
  })
})
