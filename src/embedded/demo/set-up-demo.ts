import { z } from 'zod'
import type { DemoBakery, DemoEquipment } from './demo-bakery.ts'

/** A call of our own HTTP interface with the admin key, as a user would make it. */
export type Call = (method: 'GET' | 'POST', path: string, body?: object) => Promise<{ status: number; body: unknown }>

const page = z.object({ items: z.array(z.object({ id: z.string(), name: z.string() })) })
const record = z.object({ id: z.string() })

const rules = [
  {
    name: 'Door left open',
    equipment_type: 'cold_room',
    kind: 'state',
    metric: 'door_status',
    equals: 'open',
    for_seconds: 30,
    severity: 'warning',
  },
  {
    name: 'Cold room too warm',
    equipment_type: 'cold_room',
    kind: 'threshold',
    metric: 'temperature',
    above: 8,
    hysteresis: 0.5,
    for_seconds: 60,
    severity: 'critical',
  },
  { name: 'Silent', kind: 'no_data', for_seconds: 90, severity: 'critical' },
]

/** Enters the bakery's machines and rules where they are missing, and points the configurations at where the machines are now. Gives the machines' ids by name. */
export async function setUpDemo(bakery: DemoBakery, call: Call): Promise<Map<string, string>> {
  const ids = new Map((await list(call, '/api/v1/equipment')).map(({ name, id }) => [name, id]))
  for (const { equipment, host, port } of bakery.machines) {
    const id = ids.get(equipment.name) ?? (await create(call, equipment))
    ids.set(equipment.name, id)
    const { protocol, poll_interval_seconds, additional_config } = equipment
    await expectOk(
      call('POST', `/api/v1/equipment/${id}/iot-config`, {
        protocol,
        endpoint: host,
        port,
        poll_interval_seconds,
        additional_config,
      }),
    )
  }
  const known = new Set((await list(call, '/api/v1/alert-rules')).map(({ name }) => name))
  for (const rule of rules) if (!known.has(rule.name)) await expectOk(call('POST', '/api/v1/alert-rules', rule))
  return ids
}

async function create(call: Call, { name, type, location, manufacturer, model }: DemoEquipment): Promise<string> {
  return record.parse(
    await expectOk(
      call('POST', '/api/v1/equipment', { name, type, location, manufacturer, model, site: 'Demo bakery' }),
    ),
  ).id
}

async function list(call: Call, path: string) {
  return page.parse(await expectOk(call('GET', `${path}?limit=500`))).items
}

async function expectOk(answer: ReturnType<Call>): Promise<unknown> {
  const { status, body } = await answer
  if (status >= 300) throw new Error(`the demo could not be set up: ${JSON.stringify(body)}`)
  return body
}
