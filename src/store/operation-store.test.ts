import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { silentLog } from '#core'
import { soon } from '../../test/setup/soon.ts'
import { createTemporaryDatabase, type TemporaryDatabase, timescaleUrl } from '../../test/setup/temporary-database.ts'
import { type Database, openDatabase } from './database.ts'
import { migrate } from './migrate.ts'
import { createOperationStore, type OperationStore } from './operation-store.ts'

const migrations = join(import.meta.dirname, '../../migrations')

describe.each(timescaleUrl ? (['plain', 'timescale'] as const) : (['plain'] as const))(
  'the condition on %s',
  (backend) => {
    let temporary: TemporaryDatabase
    let database: Database
    let operation: OperationStore

    beforeAll(async () => {
      temporary = await createTemporaryDatabase(backend === 'timescale' ? { on: 'timescale' } : {})
      database = openDatabase(temporary.url, silentLog)
      await migrate(database.bulk, migrations, silentLog)
      operation = createOperationStore(database)
    })
    afterAll(async () => {
      await database.close()
      await temporary.drop()
    })

    it('tells clock, migrations and living workers', async () => {
      await database.bulk`insert into workers (instance_id, seen_at) values
      ('alive', now()), ('dead', now() - interval '1 minute')`
      const startedAt = Date.now()
      const condition = await operation.condition()
      expect(condition.workers).toBe(1)
      expect(condition.migrations[0]).toBe('0001_equipment.sql')
      expect(condition.now).toBeGreaterThan(startedAt - 60_000)
      expect(condition.now).toBeLessThan(Date.now() + 60_000)
    })

    it.runIf(backend === 'plain')('tells whether there is a partition for tomorrow', async () => {
      expect(await operation.condition()).toMatchObject({ hasTomorrow: true, timescale: undefined })
      const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10).replaceAll('-', '')
      await database.bulk.unsafe(`drop table equipment_sensor_readings_${tomorrow}`)
      expect((await operation.condition()).hasTomorrow).toBe(false)
    })

    it.runIf(backend === 'timescale')('tells a job that failed, and a policy that is gone', async () => {
      expect(await operation.condition()).toMatchObject({
        hasTomorrow: undefined,
        timescale: { licence: 'timescale', hasColumnstorePolicy: true },
      })
      await database.bulk`create procedure fails(job_id int, config jsonb) language plpgsql as
      $$ begin raise exception 'on purpose'; end $$`
      await database.bulk`select add_job('fails', '1h')`
      await vi.waitFor(
        async () =>
          expect((await operation.condition()).timescale?.failedJobs).toContainEqual(
            expect.stringMatching(/^User-Defined Action/),
          ),
        soon,
      )
      await database.bulk`call remove_columnstore_policy('equipment_sensor_readings')`
      expect((await operation.condition()).timescale?.hasColumnstorePolicy).toBe(false)
    })
  },
)
