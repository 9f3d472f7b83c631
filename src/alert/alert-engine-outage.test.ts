import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Log, silentLog } from '#core'
import { createAlertChangeStore, createAlertRuleStore, createAlertStore, type Database, openDatabase } from '#store'
import { type AlertFixture, openAlertFixture, readingOf } from '../store/alert-fixture.ts'
import { createAlertEngine } from './alert-engine.ts'

/** A way to the database that can be cut. */
async function openDoor(url: string) {
  const { hostname, port } = new URL(url)
  const sockets = new Set<Socket>()
  const server: Server = createServer((client) => {
    const upstream = connect(Number(port), hostname)
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => socket.destroy())
      socket.on('close', () => {
        sockets.delete(socket)
        client.destroy()
        upstream.destroy()
      })
    }
    client.pipe(upstream).pipe(client)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('the door has no port')
  const through = new URL(url)
  through.hostname = '127.0.0.1'
  through.port = String(address.port)
  return {
    url: through.href,
    cut() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
    async mend() {
      server.listen(address.port, '127.0.0.1')
      await once(server, 'listening')
    },
    close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

describe('createAlertEngine while the database is away', () => {
  let fixture: AlertFixture
  let door: Awaited<ReturnType<typeof openDoor>>
  let database: Database

  beforeAll(async () => {
    fixture = await openAlertFixture()
    door = await openDoor(fixture.url)
    database = openDatabase(door.url, silentLog)
  })
  afterAll(async () => {
    await database.close()
    door.close()
    await fixture.close()
  })

  it('goes on judging, says so once, and writes everything in order when it is back', async () => {
    const nobody = () => undefined
    const room = await fixture.addEquipment()
    await createAlertRuleStore(fixture.database, nobody).create({
      name: 'Too warm',
      kind: 'threshold',
      metric: 'temperature',
      above: 8,
      severity: 'critical',
    })
    const lines: string[] = []
    const log: Log = {
      ...silentLog,
      info: (_fields, message) => lines.push(message),
      warn: (_fields, message) => lines.push(message),
      error: (_fields, message) => lines.push(message),
    }
    const engine = createAlertEngine({
      rules: createAlertRuleStore(database, nobody),
      changes: createAlertChangeStore(database),
      clock: { now: Date.now },
      log,
      onNotifications: nobody,
    })
    engine.watch(room)
    await engine.idle()

    door.cut()
    const start = Date.parse('2026-11-20T03:00:00Z')
    const series = [9, 5, 9, 5, 9]
    for (const [index, temperature] of series.entries()) {
      engine.readingsAccepted([readingOf(room.id, start + index * 1000, { temperature })])
    }
    await engine.idle()
    engine.tick()
    await engine.idle()
    expect(lines).toEqual(['alerts wait until they can be written'])

    await door.mend()
    await expect
      .poll(
        async () => {
          engine.tick()
          await engine.idle()
          return fixture.transitions()
        },
        { timeout: 15_000, interval: 100 },
      )
      .toEqual(['raised', 'resolved', 'raised', 'resolved', 'raised'])
    expect(lines).toEqual(['alerts wait until they can be written', 'alerts are written again'])
    const { items } = await createAlertStore(fixture.database, nobody).list({ limit: 10 })
    expect(items).toMatchObject([{ status: 'active', occurrences: 3, raised_at: new Date(start) }])
  })
})
