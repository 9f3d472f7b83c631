import { expect, it } from 'vitest'
import { optionalBody, tidyOpenapi } from './tidy-openapi.ts'

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })

it('keeps the schemas that something refers to, through others too, and sorts them', () => {
  const schemas = { B: { type: 'object', properties: { a: ref('A') } }, A: ref('B'), BInput: ref('A'), C: {} }
  const tidied = tidyOpenapi({ paths: { '/x': { get: { responses: { 200: ref('B') } } } }, components: { schemas } })
  expect(Object.keys((tidied['components'] as { schemas: object }).schemas)).toEqual(['A', 'B'])
})

it('gives a response the words of its status where nobody wrote others', () => {
  const responses = { 201: { description: 'Default Response' }, 409: { description: 'Conflict with a neighbour' } }
  expect(tidyOpenapi({ paths: { '/x': { post: { responses } } } })).toMatchObject({
    paths: {
      '/x': {
        post: { responses: { 201: { description: 'Created' }, 409: { description: 'Conflict with a neighbour' } } },
      },
    },
  })
})

it('says which bodies may be left out', () => {
  const operation = { responses: {}, requestBody: { required: true } }
  const paths = { '/x': { post: { ...operation, [optionalBody]: true }, put: operation } }
  expect(tidyOpenapi({ paths })['paths']).toEqual({
    '/x': { post: { responses: {}, requestBody: { required: false } }, put: operation },
  })
})

it('drops a pattern that only repeats its format', () => {
  const schema = { a: { format: 'uuid', pattern: 'x' }, b: { pattern: 'y' }, c: { format: 'uri', pattern: 'z' } }
  expect(tidyOpenapi({ paths: {}, info: schema })['info']).toEqual({ ...schema, a: { format: 'uuid' } })
})

it('drops the bounds of what a number can hold, and that names are text', () => {
  const whole = { type: 'integer', minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER }
  const map = {
    type: 'object',
    propertyNames: { type: 'string' },
    additionalProperties: { type: 'integer', minimum: 0 },
  }
  expect(tidyOpenapi({ info: { whole, map } })['info']).toEqual({
    whole: { type: 'integer' },
    map: { type: 'object', additionalProperties: { type: 'integer', minimum: 0 } },
  })
})

it('writes our own words with x-, but not where they name a property or stand in an example', () => {
  const schema = {
    properties: {
      unit: { type: 'string' },
      secret: { type: 'string', secret: true },
      wait: { type: 'integer', unit: 's' },
    },
    examples: [{ unit: 'Cel', secret: true, pattern: 'p', format: 'uuid' }],
  }
  expect(tidyOpenapi({ info: schema })['info']).toEqual({
    ...schema,
    properties: {
      unit: { type: 'string' },
      secret: { type: 'string', 'x-secret': true, writeOnly: true },
      wait: { type: 'integer', 'x-unit': 's' },
    },
  })
})
