import { createServer as createHttpServer } from 'node:http'
import { createServer, type Socket } from 'node:net'
import { generate, type Packet, parser } from 'mqtt-packet'
import { startCloud } from '../../../connectors/rational/simulation/start-cloud.ts'
import { opcUaEquipment } from '../../../src/protocol/opc-ua/simulation/opc-ua-equipment.ts'
import { startOpcUaServer } from '../../../src/protocol/opc-ua/simulation/start-opc-ua-server.ts'
import { metrics } from './subject.ts'

/**
 * `machines.ts <rest|mqtt|opc_ua|rational>`: a machine of ten values in a process of its own; tells its port, and what it has served.
 * `changing <items>`: an OPC UA server with so many values, each of which becomes the time every second, spread over it.
 */
const [kind = '', items = '1000'] = process.argv.slice(2)
let served = 0

const starters: Readonly<Record<string, () => Promise<number>>> = {
  rest: () => {
    const server = createHttpServer({ keepAliveTimeout: 60_000 }, (_request, response) => {
      served += 1
      const text = JSON.stringify(valuesNow())
      response
        .writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
        .end(text)
    })
    return listen(server)
  },
  mqtt() {
    setInterval(publish, tickMs)
    return listen(createServer({ noDelay: true }, serveMqtt))
  },
  async opc_ua() {
    const variables = metrics.map((metric, index) => ({ node: `s=${metric}`, type: 'Double', value: index + 0.5 }))
    const { port } = await startOpcUaServer(opcUaEquipment.parse({ variables, modes: ['None'] }))
    return port
  },
  async rational() {
    const values = Object.fromEntries(metrics.map((_, index) => [`CombiSteamer/Value_${index}`, index + 20]))
    const { server } = await startCloud({ units: [{ id: '4711', values }] })
    return server.port
  },
  async changing() {
    const nodes = Array.from({ length: Number(items) }, (_, index) => `s=v${index}`)
    const variables = nodes.map((node) => ({ node, type: 'Double', value: 0 }))
    const server = await startOpcUaServer(opcUaEquipment.parse({ variables, modes: ['None'] }))
    const slices = 1_000 / tickMs
    setInterval(() => {
      const slice = served++ % slices
      for (let index = slice; index < nodes.length; index += slices) server.change(nodes[index] ?? '', Date.now())
    }, tickMs)
    return server.port
  },
}

function valuesNow(): Record<string, number> {
  return Object.fromEntries(metrics.map((metric, index) => [metric, 20 + index + (served % 10) / 4]))
}

function listen(server: ReturnType<typeof createServer> | ReturnType<typeof createHttpServer>): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : 0)
    })
  })
}

/** What all machines behind the broker publish together, in messages a second: more than any bakery does. */
const messagesPerSecond = 4_000
const tickMs = 10
const listeners: Socket[] = []

/** In turn to each link. */
function publish(): void {
  const count = (messagesPerSecond * tickMs) / 1_000
  for (let index = 0; index < count && listeners.length > 0; index += 1) {
    const payload = JSON.stringify(valuesNow())
    const socket = listeners[served % listeners.length]
    served += 1
    socket?.write(generate({ cmd: 'publish', topic: 'oven/status', payload, qos: 0, dup: false, retain: false }))
  }
}

function serveMqtt(socket: Socket): void {
  const reader = parser()
  reader.on('packet', (packet: Packet) => {
    if (packet.cmd === 'connect') socket.write(generate({ cmd: 'connack', sessionPresent: false, returnCode: 0 }))
    if (packet.cmd === 'pingreq') socket.write(generate({ cmd: 'pingresp' }))
    if (packet.cmd !== 'subscribe') return
    const granted = packet.subscriptions.map(() => 0)
    socket.write(generate({ cmd: 'suback', messageId: packet.messageId ?? 0, granted }))
    if (!listeners.includes(socket)) listeners.push(socket)
  })
  socket.on('data', (chunk) => reader.parse(chunk))
  socket.on('error', () => socket.destroy())
  socket.on('close', () => {
    if (listeners.includes(socket)) listeners.splice(listeners.indexOf(socket), 1)
  })
}

const start = starters[kind]
if (!start) throw new Error(`there are no machines of ${kind}`)
process.on('message', () => process.send?.(served))
process.on('disconnect', () => process.exit(0))
process.send?.(await start())
