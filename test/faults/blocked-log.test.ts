import { execFileSync } from 'node:child_process'
import { closeSync, constants, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { expect, it, onTestFinished, vi } from 'vitest'
import { startModbusSimulator } from '../../connectors/modbus/simulator.ts'
import { startServiceProcess } from '../setup/service-process.ts'
import { soon } from '../setup/soon.ts'
import { createTemporaryDatabase } from '../setup/temporary-database.ts'

it.runIf(process.platform === 'linux')(
  'a log that nobody reads holds up neither readings nor the end of the service',
  async () => {
    const directory = mkdtempSync(join(tmpdir(), 'bakewire-log-'))
    const database = await createTemporaryDatabase()
    const sql = postgres(database.url, { max: 1, onnotice: () => undefined })
    const machine = await startModbusSimulator({ units: { 1: { holding: { 0: 200 } } } })
    const adminKey = `bw_${crypto.randomUUID()}${crypto.randomUUID()}`
    const pipe = fullPipe(join(directory, 'log'))
    const service = await startServiceProcess(
      {
        DATABASE_URL: database.url,
        ENCRYPTION_KEYS: `k1:${crypto.getRandomValues(Buffer.alloc(32)).toString('base64')}`,
        ADMIN_API_KEY: adminKey,
        DATA_DIR: directory,
        LOG_LEVEL: 'debug',
      },
      pipe,
    )
    onTestFinished(async () => {
      await service.kill('SIGKILL')
      closeSync(pipe)
      await machine.stop()
      await sql.end({ timeout: 5 })
      await database.drop()
      rmSync(directory, { recursive: true, force: true })
    }, 60_000)
    await service.ready()

    const post = async (path: string, body: object) => {
      const response = await fetch(`${service.origin}/api/v1${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      expect(response.ok).toBe(true)
      return (await response.json()) as { id: string }
    }
    const { id } = await post('/equipment', { name: 'Oven', type: 'deck_oven' })
    await post(`/equipment/${id}/iot-config`, {
      protocol: 'modbus',
      endpoint: machine.host,
      port: machine.port,
      poll_interval_seconds: 1,
      additional_config: { points: [{ metric: 'temperature', table: 'holding', address: 0, type: 'uint16' }] },
    })
    const stored = async () =>
      Number((await sql`select count(*) from equipment_sensor_readings where equipment_id = ${id}`)[0]?.['count'])
    await vi.waitFor(async () => expect(await stored()).toBeGreaterThan(2), soon)

    await service.kill('SIGTERM')
    expect(service.child.exitCode).toBe(0)
  },
  120_000,
)

/** A pipe into which nothing more goes: whoever writes to it waits for a reader. */
function fullPipe(path: string): number {
  execFileSync('mkfifo', [path])
  const filling = openSync(path, constants.O_RDWR | constants.O_NONBLOCK)
  const pipe = openSync(path, 'r+')
  for (const chunk of [Buffer.alloc(4_096), Buffer.alloc(1)]) {
    try {
      for (;;) writeSync(filling, chunk)
    } catch (error) {
      expect(error).toMatchObject({ code: 'EAGAIN' })
    }
  }
  closeSync(filling)
  return pipe
}
