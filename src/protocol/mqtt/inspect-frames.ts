/** MQTT 3.1.1, 2.2: what a broker may send, by the packet type in the high half of a fixed header. */
const packetTypes = {
  connack: 2,
  publish: 3,
  puback: 4,
  suback: 9,
  unsuback: 11,
  pingresp: 13,
  disconnect: 14,
} as const

/** Types whose flags are zero. */
const plainTypes: ReadonlySet<number> = new Set([
  packetTypes.puback,
  packetTypes.suback,
  packetTypes.unsuback,
  packetTypes.pingresp,
])

export interface FrameRules {
  readonly version: 4 | 5
  /** Longest packet behind its fixed header, in bytes. */
  readonly packetBytesMax: number
}

/**
 * Watches what a broker sends, chunk by chunk, before anything believes it: CONNACK first and only once, packets of the types
 * and flags that one who subscribes and publishes with QoS 0 and 1 can get, none longer than the bound. Gives what is wrong, from then on always the same.
 */
export function createFrameInspector({
  version,
  packetBytesMax,
}: FrameRules): (chunk: Uint8Array) => string | undefined {
  let isFirst = true
  let bodyLeft = 0
  /** Bytes of the length that have come; undefined: a header is next. */
  let lengthBytes: number | undefined
  let length = 0
  let fault: string | undefined

  const takeHeader = (byte: number) => {
    fault = isFirst ? firstFault(byte) : headerFault(byte, version)
    isFirst = false
    lengthBytes = 0
    length = 0
  }

  const takeLength = (byte: number, digits: number) => {
    length += (byte & 0x7f) * 0x80 ** digits
    lengthBytes = digits + 1
    if (byte >= 0x80) {
      if (lengthBytes === 4) fault = 'a length of more than four bytes'
      return
    }
    if (length > packetBytesMax) fault = `a message of more than ${packetBytesMax / 1024} KB`
    bodyLeft = length
    lengthBytes = undefined
  }

  return (chunk) => {
    let position = 0
    while (fault === undefined && position < chunk.length) {
      if (bodyLeft > 0) {
        const step = Math.min(bodyLeft, chunk.length - position)
        bodyLeft -= step
        position += step
        continue
      }
      const byte = chunk[position] ?? 0
      position += 1
      if (lengthBytes === undefined) takeHeader(byte)
      else takeLength(byte, lengthBytes)
    }
    return fault
  }
}

function firstFault(byte: number): string | undefined {
  return byte === packetTypes.connack << 4 ? undefined : 'something else than the answer to the login'
}

function headerFault(byte: number, version: 4 | 5): string | undefined {
  const type = byte >> 4
  const flags = byte & 0x0f
  if (type === packetTypes.publish) {
    const qos = (flags >> 1) & 3
    if (qos > 1) return `a message of QoS ${qos}, which was not asked for`
    return qos === 0 && flags >= 8 ? 'a message with contradicting flags' : undefined
  }
  const isKnown = plainTypes.has(type) || (type === packetTypes.disconnect && version === 5)
  if (!isKnown)
    return type === packetTypes.connack ? 'a second answer to the login' : 'a packet that brokers do not send'
  return flags === 0 ? undefined : 'a packet with wrong flags'
}
