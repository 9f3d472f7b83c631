import { z } from 'zod'
import { type Connector, mask, type Registry } from '#connector'
import { BakewireError, limits } from '#core'
import type { ConfiguredEquipment, EquipmentRow } from '#store'
import { type AcceptedConfiguration, acceptConfiguration } from '../accept-configuration.ts'
import { browseAnswerSchema } from '../browsed.ts'
import { configurationRecord, keepSecrets } from '../configure-equipment.ts'
import type { RouteTools } from '../dependencies.ts'
import { faultAt } from '../fault-at.ts'
import { knownOr404 } from '../known-or-404.ts'
import { machineErrors } from '../machine-errors.ts'
import type { ZodApp } from '../zod-app.ts'

const place = () => z.string().min(1).max(limits.browsePlaceLengthMax).optional()
/** Checked by the connector's own schema, as everywhere. */
const asConfigured = () => z.unknown().optional().meta({ description: 'As `iot-config` takes it.' })

const bodySchema = z
  .strictObject({
    equipment_id: z
      .uuid()
      .toLowerCase()
      .optional()
      .meta({ description: `A machine: its configuration where none is given, its secrets where \`${mask}\` is.` }),
    at: place().meta({ description: 'Where to look: an `at` of an earlier answer. Absent: at the top.' }),
    cursor: place().meta({ description: 'The `next_cursor` of the page before.' }),
    limit: z.int().min(1).max(limits.browsePageMax).default(limits.browsePageDefault),
    seconds: z
      .number()
      .min(1)
      .max(limits.browseSecondsMax)
      .default(limits.browseSecondsDefault)
      .meta({ unit: 's', description: 'How long to listen, where a protocol cannot ask.' }),
    protocol: asConfigured(),
    endpoint: asConfigured(),
    port: asConfigured(),
    credentials: asConfigured(),
    additional_config: z
      .unknown()
      .optional()
      .meta({ description: 'As `iot-config` takes it; `points` are not needed.' }),
    supports_realtime: asConfigured(),
    poll_interval_seconds: asConfigured(),
    poll_cron: asConfigured(),
  })
  .meta({ title: 'Browse' })

export function browseRoutes(app: ZodApp, { equipment, registry, machines }: RouteTools): void {
  app.post('/connectors/:id/browse', {
    handlerTimeout: limits.machineAnswerTimeoutMs,
    config: { access: 'write', errors: ['SECRET_REQUIRED', 'CONFLICT', 'NOT_SUPPORTED', ...machineErrors] },
    schema: {
      tags: ['Connectors'],
      summary: 'Look what there is on a machine',
      description:
        'Of a stored machine, or with a configuration of one that need not be stored. Nothing of the machine is changed.',
      params: z.strictObject({ id: z.string() }),
      body: bodySchema,
      response: { 200: browseAnswerSchema },
    },
    handler: async ({ params: { id }, body: { equipment_id, at, cursor, limit, seconds, ...given } }) => {
      const connector = knownOr404(registry.connectors.find((one) => one.id === id || one.aliases?.includes(id)))
      if (!connector.browse) {
        throw new BakewireError('NOT_SUPPORTED', `${connector.title}: what there is on a machine cannot be asked`)
      }
      const machine = equipment_id === undefined ? undefined : knownOr404(await equipment.get(equipment_id))
      const saved = machine && (await equipment.configuration(machine.id))
      const isGiven = Object.keys(given).length > 0
      const configuration = isGiven
        ? givenConfiguration(registry, { protocol: id, ...given }, saved ?? machine?.id)
        : storedConfiguration(registry, machine, saved)
      refuseOther(connector, configuration, isGiven ? 'protocol' : 'equipment_id')
      const { found, cursor: next_cursor = null } = await machines.browse(configuration, { at, cursor, limit, seconds })
      return { found, next_cursor }
    },
  })
}

function givenConfiguration(
  registry: Registry,
  given: Readonly<Record<string, unknown>>,
  of: ConfiguredEquipment | string = crypto.randomUUID(),
): AcceptedConfiguration {
  const [id, saved] = typeof of === 'string' ? [of, undefined] : [of.row.id, of]
  return keepSecrets(acceptConfiguration(registry, id, given, 'no points'), saved, registry)
}

function storedConfiguration(
  registry: Registry,
  machine: EquipmentRow | undefined,
  saved: ConfiguredEquipment | undefined,
): AcceptedConfiguration {
  if (!machine) throw faultAt('CONFIG_INVALID', 'equipment_id', 'is missing, and there is no configuration either')
  if (!saved) throw new BakewireError('CONFLICT', `${machine.name} is not configured yet; send a configuration`)
  return acceptConfiguration(
    registry,
    machine.id,
    { ...configurationRecord(saved), credentials: saved.credentials },
    'no points',
  )
}

function refuseOther(wanted: Connector, { connector, protocol }: AcceptedConfiguration, path: string): void {
  if (connector === wanted) return
  throw faultAt('CONFIG_INVALID', path, `stands for ${protocol}, which is not ${wanted.id}`)
}
