import { readFileSync } from 'node:fs'
import openapiTypes, { astToString } from 'openapi-typescript'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createBakewireClient } from '../../openapi/client.ts'
import { type HttpRig, listen, startHttpRig } from './http-rig.ts'

let rig: HttpRig
let origin: string
beforeAll(async () => {
  rig = await startHttpRig()
  const { host, port } = await listen(rig.app)
  origin = `http://${host}:${port}`
})
afterAll(() => rig.stop())

describe('the typed client', () => {
  it('has the types that the OpenAPI document gives', async () => {
    const document = JSON.parse(readFileSync('openapi/openapi.json', 'utf8'))
    const head = '// Generated from openapi.json: `npm run update`.\n'
    await expect(head + astToString(await openapiTypes(document))).toMatchFileSnapshot('../../openapi/schema.d.ts')
  })

  it('calls the service', async () => {
    const client = createBakewireClient({ origin, key: rig.adminKey })
    const body = { name: 'Deck oven 1', type: 'deck_oven' } as const
    const { data: made } = await client.POST('/api/v1/equipment', { body })
    expect(made?.name).toBe('Deck oven 1')
    const id = made?.id ?? ''
    const { data: now } = await client.GET('/api/v1/equipment/{id}/realtime-data', { params: { path: { id } } })
    expect(now).toMatchObject({ equipment_id: id, connection_status: 'unconfigured', temperature: null })
    const { data: list } = await client.GET('/api/v1/equipment', { params: { query: { limit: 1 } } })
    expect(list?.items.map((item) => item.id)).toEqual([id])
  })

  it('gives problems as errors', async () => {
    const client = createBakewireClient({ origin, key: 'bw_wrong' })
    const { data, error } = await client.GET('/api/v1/equipment')
    expect(data).toBeUndefined()
    expect(error?.code).toBe('UNAUTHENTICATED')
  })
})
