import { join } from 'node:path'
import { loadRegistry, parseTarget } from '#connector'
import { partsKit } from '#protocol/parts'
import type { createEquipmentStore } from '#store'

type EquipmentStore = ReturnType<typeof createEquipmentStore>

/** A machine's address as `iot-config` takes it. */
export interface MachineAddress {
  readonly protocol: string
  readonly endpoint: string
  readonly port: number
  readonly points: readonly object[]
}

/** Stores a Modbus machine for each port, as an operator would have configured them. */
export function configureMachines(
  equipment: EquipmentStore,
  ports: readonly number[],
  intervalSeconds = 1,
): Promise<void> {
  const float = (metric: string, index: number) => ({ metric, table: 'holding', address: 2 * index, type: 'float32' })
  const points = [
    { metric: 'additional.serial', table: 'holding', address: 0, type: 'uint32' },
    ...['temperature', 'humidity', 'power_kw', 'energy_consumption_kwh', 'target_temperature'].map((name, index) =>
      float(name, index + 1),
    ),
    ...['a', 'b', 'c', 'd'].map((name, index) => float(`additional.${name}`, index + 6)),
  ]
  const modbus = { protocol: 'modbus', endpoint: '127.0.0.1', points }
  return configureAddresses(
    equipment,
    ports.map((port) => ({ ...modbus, port })),
    intervalSeconds,
  )
}

/** The same for machines of any protocol. */
export async function configureAddresses(
  equipment: EquipmentStore,
  addresses: readonly MachineAddress[],
  intervalSeconds = 1,
): Promise<void> {
  const registry = await loadRegistry([join(import.meta.dirname, '../../../connectors')], partsKit)
  for (const { protocol, endpoint, port, points } of addresses) {
    const { id } = await equipment.create({ name: `Machine ${port}`, type: 'other' })
    const { connector } = registry.resolve(protocol)
    const target = parseTarget(connector, id, { endpoint, port, additional_config: { points } })
    const derived = {
      supports_realtime: true,
      temperature_zones: 0,
      supports_humidity: true,
      supports_energy_monitoring: true,
      supports_remote_control: false,
    }
    await equipment.configure(
      id,
      {
        protocol,
        endpoint,
        port,
        credentials: {},
        config: { points },
        linkKey: connector.linkKey(target),
        pollIntervalSeconds: intervalSeconds,
        derived,
      },
      () => undefined,
    )
  }
}
