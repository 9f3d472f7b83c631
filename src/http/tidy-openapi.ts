type Json = Record<string, unknown>

/** What an answer is called that says nothing of itself. */
const answerNames: Readonly<Record<string, string>> = { 200: 'OK', 201: 'Created', 204: 'Done', 503: 'Unavailable' }

/** Set on an operation whose body may be left out: the generator takes every body for required. */
export const optionalBody = 'x-optional-body'

/** Formats that say all that their regular expression says, in one word. */
const plainFormats: readonly unknown[] = ['uuid', 'date-time', 'date']

/** What holds data and no schemas. */
const dataWords = ['example', 'examples', 'default', 'enum', 'const']

const referenced = /"#\/components\/schemas\/([^"]+)"/g

/** Makes a generated OpenAPI document pleasant to read. Changes nothing of what it means, but for bodies that are optional. */
export function tidyOpenapi(document: object): Json {
  const plain = tidySchemas(JSON.parse(JSON.stringify(document)))
  if (!isObject(plain)) return {}
  for (const path of Object.values(objectAt(plain, 'paths'))) {
    for (const operation of Object.values(isObject(path) ? path : {})) if (isObject(operation)) tidyOperation(operation)
  }
  return withoutUnusedSchemas(plain)
}

function tidySchemas(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(tidySchemas)
  if (!isObject(part)) return part
  const entries = Object.entries(part).map(([name, value]) => [
    name,
    dataWords.includes(name) ? value : tidySchemas(value),
  ])
  return tidySchema(Object.fromEntries(entries))
}

/** Our own words become `x-` words, as in the schemas of connectors; what says nothing goes. */
function tidySchema({ unit, secret, pattern, minimum, maximum, propertyNames, ...schema }: Json): Json {
  const isPlain = plainFormats.includes(schema['format'])
  const isAnyName = isObject(propertyNames) && Object.keys(propertyNames).join() === 'type'
  return {
    ...schema,
    ...kept('pattern', isPlain && typeof pattern === 'string' ? undefined : pattern),
    ...kept('minimum', minimum === Number.MIN_SAFE_INTEGER ? undefined : minimum),
    ...kept('maximum', maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum),
    ...kept('propertyNames', isAnyName ? undefined : propertyNames),
    ...(typeof unit === 'string' ? { 'x-unit': unit } : kept('unit', unit)),
    ...(secret === true ? { 'x-secret': true, writeOnly: true } : kept('secret', secret)),
  }
}

function kept(name: string, value: unknown): Json {
  return value === undefined ? {} : { [name]: value }
}

function tidyOperation(operation: Json): void {
  for (const [status, response] of Object.entries(objectAt(operation, 'responses'))) {
    if (isObject(response) && response['description'] === 'Default Response') {
      response['description'] = answerNames[status] ?? status
    }
  }
  if (operation[optionalBody] === true) objectAt(operation, 'requestBody')['required'] = false
  delete operation[optionalBody]
}

/** Every schema is generated once as input and once as output: those that nothing refers to go, the others are sorted. */
function withoutUnusedSchemas(document: Json): Json {
  const components = objectAt(document, 'components')
  const schemas = objectAt(components, 'schemas')
  const used = new Set<string>()
  const visit = (part: unknown): void => {
    for (const [, name = ''] of JSON.stringify(part).matchAll(referenced)) {
      if (used.has(name)) continue
      used.add(name)
      visit(schemas[name] ?? {})
    }
  }
  visit(objectAt(document, 'paths'))
  const kept = Object.fromEntries([...used].sort().map((name) => [name, schemas[name]]))
  return { ...document, components: { ...components, schemas: kept } }
}

function objectAt(object: Json, name: string): Json {
  const value = object[name]
  return isObject(value) ? value : {}
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
