import { metrics, type OpenReader, serve } from './subject.ts'

/** `bare.ts <connector>`: what the library alone takes for the same, with nothing around it. */
const [protocol = ''] = process.argv.slice(2)

const openers: Readonly<Record<string, () => Promise<OpenReader>>> = {
  async modbus() {
    const { default: modbusSerial } = await import('modbus-serial')
    const ModbusRTU = modbusSerial.default ?? modbusSerial
    return async (port) => {
      const client = new ModbusRTU()
      client.setTimeout(1_000)
      client.setID(1)
      await client.connectTCP('127.0.0.1', { port })
      return {
        async read() {
          const { buffer } = await client.readHoldingRegisters(0, 2 * metrics.length)
          return metrics.filter((_, index) => Number.isFinite(buffer.readFloatBE(4 * index))).length
        },
      }
    }
  },
  rest_api: openUndici,
  wachtel: openUndici,
  async mqtt() {
    const { connectAsync } = await import('mqtt')
    return async (port) => {
      const client = await connectAsync(`mqtt://127.0.0.1:${port}`)
      const first = Promise.withResolvers<void>()
      const newest = new Map<string, number>()
      client.on('message', (_topic, payload) => {
        const given: Record<string, number> = JSON.parse(payload.toString())
        for (const metric of metrics) newest.set(metric, given[metric] ?? Number.NaN)
        first.resolve()
      })
      await client.subscribeAsync('oven/status')
      return {
        async read() {
          await first.promise
          return newest.size
        },
      }
    }
  },
  async opc_ua() {
    const { AttributeIds, MessageSecurityMode, OPCUAClient, SecurityPolicy, setWarningLogger } = await import(
      'node-opcua'
    )
    setWarningLogger(() => undefined)
    return async (port) => {
      const client = OPCUAClient.create({
        securityMode: MessageSecurityMode.None,
        securityPolicy: SecurityPolicy.None,
        endpointMustExist: false,
      })
      await client.connect(`opc.tcp://127.0.0.1:${port}`)
      const session = await client.createSession()
      const namespaces = await session.readNamespaceArray()
      const index = namespaces.indexOf('http://bakery.example/oven/')
      const nodes = metrics.map((metric) => ({ nodeId: `ns=${index};s=${metric}`, attributeId: AttributeIds.Value }))
      return {
        async read() {
          const values = await session.read(nodes)
          return values.filter(({ value, statusCode }) => statusCode.isGood() && Number.isFinite(value.value)).length
        },
      }
    }
  },
}

async function openUndici(): Promise<OpenReader> {
  const { Pool } = await import('undici')
  return async (port) => {
    const pool = new Pool(`http://127.0.0.1:${port}`, { connections: 1, headersTimeout: 1_000, bodyTimeout: 1_000 })
    return {
      async read() {
        const { body } = await pool.request({ method: 'GET', path: '/data' })
        const given = (await body.json()) as Record<string, number>
        return metrics.filter((metric) => Number.isFinite(given[metric])).length
      },
    }
  }
}

const open = openers[protocol]
if (!open) throw new Error(`there is no bare ${protocol}`)
serve(await open())
