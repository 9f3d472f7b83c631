import { z } from 'zod'
import { capabilitiesOf, type WantedValues } from '#connector'
import {
  BakewireError,
  type Clock,
  type ErrorCode,
  errorTable,
  type Log,
  limits,
  shardOf,
  toBakewireError,
} from '#core'
import type { EquipmentRow, StoredReading, WorkerClient } from '#store'
import type { AcceptedConfiguration } from './accept-configuration.ts'
import { type Browsed, type BrowseQuestion, browsedSchema } from './browsed.ts'
import { testPatienceMs } from './configure-equipment.ts'
import {
  type ConnectionTest,
  connectionTest,
  failedTest,
  takenReadingSchema,
  workerTestSchema,
} from './connection-test.ts'
import { asStored } from './reading-record.ts'
import { type WriteResult, writeResultSchema } from './write-result.ts'

/** What is asked of a machine right now, over the link that its worker holds. */
export interface MachineRequests {
  /** Reads the machine once under this configuration. A failure is a result, not an error. */
  test(configuration: AcceptedConfiguration, requestId?: string): Promise<ConnectionTest>
  /** Looks what there is on a machine. Throws what the worker met, UNAVAILABLE when none answers. */
  browse(configuration: AcceptedConfiguration, question: BrowseQuestion): Promise<Browsed>
  /**
   * Writes values, in our units and words, to a polled machine, once. Throws what kept them from being sent, and
   * OUTCOME_UNKNOWN when a worker took them and did not answer.
   */
  write(machine: EquipmentRow, values: WantedValues): Promise<WriteResult[]>
  /** Reads a polled machine out of turn. Throws what the read threw, UNAVAILABLE when no worker answers. */
  read(machine: EquipmentRow): Promise<StoredReading>
}

/** More at once than people wait for; beyond it a program is hammering. */
const requestsAtOnce = 64

const codes = Object.keys(errorTable) as [ErrorCode, ...ErrorCode[]]
const faultSchema = z.object({ error: z.object({ code: z.enum(codes), message: z.string() }) })

export function createMachineRequests({
  workers,
  clock,
  log,
}: {
  workers: WorkerClient
  clock: Clock
  log: Log
}): MachineRequests {
  let underWay = 0

  const ask = async <T>(schema: z.ZodType<T>, ...question: Parameters<WorkerClient['ask']>): Promise<T> => {
    if (underWay >= requestsAtOnce) {
      throw new BakewireError('OVERLOADED', `${requestsAtOnce} machines are being asked at the moment; try again later`)
    }
    underWay += 1
    try {
      const answer = z.union([faultSchema, z.object({ result: schema })]).parse(await workers.ask(...question))
      if ('error' in answer) throw new BakewireError(answer.error.code, answer.error.message)
      return answer.result
    } finally {
      underWay -= 1
    }
  }

  const shardOfPolled = ({ name, shard, iot_enabled }: EquipmentRow): number => {
    if (shard === null) throw new BakewireError('CONFLICT', `${name} is not configured yet`)
    if (!iot_enabled) throw new BakewireError('CONFLICT', `${name} is paused`)
    return shard
  }

  return {
    async test(configuration, requestId) {
      const { connector, target } = configuration
      const startedAt = clock.monotonic()
      const { shard, request } = requestOf(configuration)
      try {
        return connectionTest(await ask(workerTestSchema, 'test', shard, request, testPatienceMs(target)))
      } catch (error) {
        const fault = toBakewireError(error, 'testing the connection')
        if (fault.code === 'OVERLOADED') throw fault
        if (fault.code === 'INTERNAL') {
          const names = { request_id: requestId, equipment_id: target.equipmentId }
          log.error({ ...names, err: error }, 'a connection test failed unexpectedly')
        }
        return failedTest(fault, { elapsedMs: clock.monotonic() - startedAt, features: capabilitiesOf(connector) })
      }
    },

    async browse(configuration, question) {
      const { shard, request } = requestOf(configuration)
      const patienceMs = question.seconds * 1_000 + limits.browseAnswerMs
      return ask(browsedSchema, 'browse', shard, { ...request, ...question }, patienceMs)
    },

    async write(machine, values) {
      const request = { equipmentId: machine.id, values }
      return ask(z.array(writeResultSchema), 'write', shardOfPolled(machine), request, limits.linkRequestLifetimeMs)
    },

    async read(machine) {
      const request = { equipmentId: machine.id }
      const shard = shardOfPolled(machine)
      return asStored(await ask(takenReadingSchema, 'read', shard, request, limits.linkRequestLifetimeMs))
    },
  }
}

/** A configuration, stored or not, as a worker is given it. */
function requestOf({ connector, target, protocol, credentials, config }: AcceptedConfiguration) {
  const parts = { endpoint: target.endpoint, port: target.port, credentials, additional_config: config }
  return {
    shard: shardOf(connector.linkKey(target)),
    request: { equipmentId: target.equipmentId, protocol, configuration: parts },
  }
}
