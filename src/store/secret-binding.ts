import type { Binding } from './secret-box.ts'
import type { equipment } from './tables.ts'

type Target = Pick<typeof equipment.$inferSelect, 'iot_protocol' | 'iot_endpoint' | 'iot_port' | 'iot_config'>

/** A stored secret is bound to the machine and to where it may be sent: there, and to addresses that its settings name. */
export function bindingOf(id: string, { iot_protocol, iot_endpoint, iot_port, iot_config }: Target): Binding {
  const target = [iot_protocol, iot_endpoint, iot_port, ...originsIn(iot_config ?? {})].join(' ')
  return { record: `equipment/${id}`, field: 'iot_credentials', target }
}

function originsIn(config: Readonly<Record<string, unknown>>): string[] {
  const urls = Object.values(config).map((value) => (typeof value === 'string' ? URL.parse(value) : null))
  const origins = urls.flatMap((url) => (url && /^https?:$/.test(url.protocol) ? url.origin : []))
  return [...new Set(origins)].sort()
}
