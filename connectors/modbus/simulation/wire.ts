import { crc16, type FramingName, writeFunctions } from '#protocol/modbus'

/** Everything before the unit id in a frame of Modbus TCP. */
const mbapBytes = 6
const tcpRequestBytesMax = 260
/** A request of most functions in RTU: unit, function, address, count or value, CRC. */
const rtuRequestBytes = 8
const crcBytes = 2

/** What stands at the start of the bytes received: a whole request as a frame of Modbus TCP, or not yet one, or nothing of Modbus. */
type Received = { readonly request: Buffer; readonly bytes: number } | 'incomplete' | 'foreign'

/** How one framing carries requests and answers, which inside the simulator are frames of Modbus TCP. */
export interface Wire {
  take(received: Buffer): Received
  frame(answer: Buffer): Buffer
}

export const wires: Record<FramingName, Wire> = {
  tcp: {
    take(received) {
      if (received.length < mbapBytes) return 'incomplete'
      const bytes = mbapBytes + received.readUInt16BE(4)
      if (bytes < mbapBytes + 2 || bytes > tcpRequestBytesMax) return 'foreign'
      return received.length < bytes ? 'incomplete' : { request: received.subarray(0, bytes), bytes }
    },
    frame: (answer) => answer,
  },
  rtu_over_tcp: {
    take(received) {
      if (received.length < rtuRequestBytes) return 'incomplete'
      const bytes = rtuBytes(received)
      if (received.length < bytes) return 'incomplete'
      const body = received.subarray(0, bytes - crcBytes)
      if (received.readUInt16LE(body.length) !== crc16(body, body.length)) return 'foreign'
      const header = Buffer.from([0, 0, 0, 0, 0, body.length])
      return { request: Buffer.concat([header, body]), bytes }
    },
    frame: (answer) => withCrc(answer.subarray(mbapBytes)),
  },
}

function withCrc(body: Buffer): Buffer {
  const frame = Buffer.concat([body, Buffer.alloc(crcBytes)])
  frame.writeUInt16LE(crc16(body, body.length), body.length)
  return frame
}

function rtuBytes(received: Buffer): number {
  const functionCode = received.readUInt8(1)
  if (functionCode === writeFunctions.mask) return rtuRequestBytes + 2
  // Behind the count the number of bytes of data, and these.
  const hasData = functionCode === writeFunctions.coils || functionCode === writeFunctions.registers
  return hasData ? rtuRequestBytes + 1 + received.readUInt8(6) : rtuRequestBytes
}
