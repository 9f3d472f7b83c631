import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { Aedes } from 'aedes'
import { energyAt, freezerAt, sheeterAt } from './demo-day.ts'
import type { DemoServer } from './demo-server.ts'

/** A broker of the bakery's own, and what publishes to it: a Zigbee sensor in the freezer, a plug at the dough sheeter. */
export async function startBroker(): Promise<DemoServer> {
  const broker = await Aedes.createBroker()
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    broker.handle(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('the broker has no port')

  const publish = (topic: string, message: object) =>
    new Promise<void>((resolve, reject) => {
      const packet = {
        cmd: 'publish',
        qos: 0,
        dup: false,
        retain: true,
        topic,
        payload: JSON.stringify(message),
      } as const
      broker.publish(packet, (error) => (error ? reject(error) : resolve()))
    })

  return {
    address: { endpoint: '127.0.0.1', port: address.port },
    async live(t) {
      const { temperature, humidity, battery } = freezerAt(t)
      const watts = sheeterAt(t)
      const linkquality = 90 + Math.round(10 * Math.sin(t / 5))
      await publish('zigbee2mqtt/Freezer', {
        temperature,
        humidity,
        battery,
        linkquality,
        last_seen: new Date().toISOString(),
      })
      await publish('tele/dough-sheeter/SENSOR', {
        ENERGY: {
          Total: Math.round(energyAt(Date.now()) / 40),
          Power: watts,
          ApparentPower: Math.round(watts * 1.1),
          Factor: 0.91,
          Voltage: 230,
          Current: Math.round(watts / 2.3) / 100,
        },
      })
    },
    async stop() {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((resolve) => broker.close(() => resolve()))
      await closed
    },
  }
}
