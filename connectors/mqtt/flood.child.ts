import { createServer } from 'node:net'
import { generate, parser } from 'mqtt-packet'

/**
 * A broker that sends so many messages a second on so many topics, for so many seconds, to whoever subscribes, and then the last
 * value of each topic. Tells its port, and how many messages it has sent.
 */
const [perSecond = 0, topics = 0, seconds = 0] = process.argv.slice(2).map(Number)
const tickMs = 10

const messageOf = (nth: number) =>
  generate({
    cmd: 'publish',
    topic: `oven/${nth % topics}`,
    payload: `{"t":${nth}}`,
    qos: 0,
    dup: false,
    retain: false,
  })

const server = createServer((socket) => {
  socket.on('error', () => socket.destroy())
  const flood = () => {
    const startedAt = performance.now()
    let sent = 0
    const tick = setInterval(() => {
      const passedMs = Math.min(performance.now() - startedAt, seconds * 1_000)
      const due: Buffer[] = []
      while (sent < (passedMs * perSecond) / 1_000) due.push(messageOf(sent++))
      socket.write(Buffer.concat(due))
      if (passedMs < seconds * 1_000) return
      clearInterval(tick)
      socket.write(Buffer.concat(Array.from({ length: topics }, (_, topic) => messageOf(1_000_000 * topics + topic))))
      process.send?.({ sent })
    }, tickMs)
    socket.on('close', () => clearInterval(tick))
  }
  let isFlooding = false
  const reader = parser({ protocolVersion: 4 })
  reader.on('packet', (packet) => {
    if (packet.cmd === 'connect') socket.write(Uint8Array.of(0x20, 2, 0, 0))
    if (packet.cmd === 'pingreq') socket.write(Uint8Array.of(0xd0, 0))
    if (packet.cmd !== 'subscribe') return
    const granted = packet.subscriptions.map(() => 0)
    socket.write(generate({ cmd: 'suback', messageId: packet.messageId ?? 0, granted }))
    if (!isFlooding) flood()
    isFlooding = true
  })
  socket.on('data', (chunk) => void reader.parse(chunk))
})
server.listen(0, '127.0.0.1', () => process.send?.(server.address()))
