import { createServer } from 'node:net'

/** One register of a simulated machine. */
export const point = { metric: 'temperature', table: 'holding', address: 256, type: 'int16', scale: 0.1 }
/** A Modbus machine on this port of the loopback interface, as `iot-config` takes it. */
export const modbusBody = (port: number, changes: object = {}) => ({
  protocol: 'modbus',
  endpoint: '127.0.0.1',
  port,
  poll_interval_seconds: 1,
  additional_config: { timeout: 0.5, points: [point] },
  ...changes,
})

/** The same for a REST machine, with a secret. */
export const restBody = (port: number, changes: object = {}) => ({
  protocol: 'rest_api',
  endpoint: 'http://127.0.0.1',
  port,
  credentials: { username: 'baker', password: 'pw-canary-4711' },
  additional_config: { timeout: 0.5, points: [{ metric: 'temperature', pointer: '/t' }] },
  ...changes,
})

/** A port of the loopback interface on which nobody listens. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address ? address.port : 0
}
