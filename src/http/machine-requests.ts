import { z } from 'zod'
import { capabilitiesOf } from '#connector'
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
import { testPatienceMs } from './configure-equipment.ts'
import {
  type ConnectionTest,
  connectionTest,
  failedTest,
  takenReadingSchema,
  workerTestSchema,
} from './connection-test.ts'
import { asStored } from './reading-record.ts'

/** What is asked of a machine right now, over the link that its worker holds. */
export interface MachineRequests {
  /** Reads the machine once under this configuration. A failure is a result, not an error. */
  test(configuration: AcceptedConfiguration, requestId?: string): Promise<ConnectionTest>
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

  return {
    async test(configuration, requestId) {
      const { connector, target, protocol, credentials, config } = configuration
      const startedAt = clock.monotonic()
      const parts = { endpoint: target.endpoint, port: target.port, credentials, additional_config: config }
      const request = { equipmentId: target.equipmentId, protocol, configuration: parts }
      const shard = shardOf(connector.linkKey(target))
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

    async read(machine) {
      if (machine.shard === null) throw new BakewireError('CONFLICT', `${machine.name} is not configured yet`)
      if (!machine.iot_enabled) throw new BakewireError('CONFLICT', `${machine.name} is paused`)
      const request = { equipmentId: machine.id }
      return asStored(await ask(takenReadingSchema, 'read', machine.shard, request, limits.linkRequestLifetimeMs))
    },
  }
}
