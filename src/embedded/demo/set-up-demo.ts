import { z } from 'zod'
import type { DemoMachine } from './demo-bakery.ts'
import type { DemoEquipment } from './demo-parts.ts'

/** A call of our own HTTP interface with the admin key, as a user would make it. */
export type Call = (method: 'GET' | 'POST', path: string, body?: object) => Promise<{ status: number; body: unknown }>

const machinePage = z.object({
  items: z.array(z.object({ id: z.string(), name: z.string(), site: z.string().nullable() })),
})
const rulePage = z.object({ items: z.array(z.object({ name: z.string() })) })
const certificatePage = z.object({
  items: z.array(z.object({ fingerprint: z.string(), seen_from: z.string(), trusted: z.boolean() })),
})
const record = z.object({ id: z.string() })

/** What is entered by the demo; machines of other sites are somebody's own. */
const site = 'Demo bakery'

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
  {
    name: 'Reports an error',
    equipment_type: 'combi_steamer',
    kind: 'state',
    metric: 'operational_status',
    equals: 'error',
    for_seconds: 15,
    severity: 'critical',
  },
  { name: 'Silent', kind: 'no_data', for_seconds: 90, severity: 'critical' },
]

/** Enters the bakery's machines and rules where they are missing. Gives the machines' ids by name. */
export async function enterDemo(equipment: readonly DemoEquipment[], call: Call): Promise<ReadonlyMap<string, string>> {
  const { items } = machinePage.parse(await list(call, '/api/v1/equipment'))
  const entered = new Map(items.filter((item) => item.site === site).map(({ name, id }) => [name, id]))
  const ids = new Map<string, string>()
  for (const machine of equipment) ids.set(machine.name, entered.get(machine.name) ?? (await create(call, machine)))
  const known = new Set(rulePage.parse(await list(call, '/api/v1/alert-rules')).items.map(({ name }) => name))
  for (const rule of rules) if (!known.has(rule.name)) await expectOk(call('POST', '/api/v1/alert-rules', rule))
  return ids
}

/** Points the machines' configurations at where they are now, and trusts those that show a certificate. */
export async function connectDemo(
  machines: readonly DemoMachine[],
  ids: ReadonlyMap<string, string>,
  call: Call,
): Promise<void> {
  if (machines.length === 0) return
  for (const { equipment, address } of machines) {
    const { protocol, poll_interval_seconds, additional_config } = equipment
    await expectOk(
      call('POST', `/api/v1/equipment/${ids.get(equipment.name)}/iot-config`, {
        ...address,
        protocol,
        poll_interval_seconds,
        additional_config: { ...address.additional_config, ...additional_config },
      }),
    )
  }
  const ours = new Set(machines.map(({ address }) => `127.0.0.1:${address.port}`))
  const { items } = certificatePage.parse(await list(call, '/api/v1/opc-ua/certificates'))
  for (const { fingerprint } of items.filter(({ seen_from, trusted }) => !trusted && ours.has(seen_from))) {
    await expectOk(call('POST', `/api/v1/opc-ua/certificates/${fingerprint}/trust`, {}))
  }
}

async function create(call: Call, { name, type, location, manufacturer, model }: DemoEquipment): Promise<string> {
  const body = { name, type, location, manufacturer, model, site }
  return record.parse(await expectOk(call('POST', '/api/v1/equipment', body))).id
}

function list(call: Call, path: string): Promise<unknown> {
  return expectOk(call('GET', `${path}?limit=500`))
}

async function expectOk(answer: ReturnType<Call>): Promise<unknown> {
  const { status, body } = await answer
  if (status >= 300) throw new Error(`the demo could not be set up: ${JSON.stringify(body)}`)
  return body
}
