import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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
  opc_ua: () =>
    openNodeOpcua({
      secured: false,
      namespace: 'http://bakery.example/oven/',
      identifierOf: (index) => metrics[index] ?? '',
    }),
  rational: () =>
    openNodeOpcua({
      secured: true,
      namespace: 'http://connectedcooking.com/OPCUA/',
      identifierOf: (index) => `CombiSteamerDevice_4711/CombiSteamer/Value_${index}`,
    }),
}

interface OpcUaMachine {
  /** Signed, encrypted and logged in by password; else without security. */
  readonly secured: boolean
  readonly namespace: string
  readonly identifierOf: (index: number) => string
}

async function openNodeOpcua({ secured, namespace, identifierOf }: OpcUaMachine): Promise<OpenReader> {
  const library = await import('node-opcua')
  library.setWarningLogger(() => undefined)
  const security = secured
    ? {
        securityMode: library.MessageSecurityMode.SignAndEncrypt,
        securityPolicy: library.SecurityPolicy.Basic256Sha256,
        clientCertificateManager: await passingCertificates(library),
      }
    : { securityMode: library.MessageSecurityMode.None, securityPolicy: library.SecurityPolicy.None }
  const user = secured
    ? ({ type: library.UserTokenType.UserName, userName: 'baker', password: 'example-password' } as const)
    : ({ type: library.UserTokenType.Anonymous } as const)
  return async (port) => {
    const client = library.OPCUAClient.create({ ...security, endpointMustExist: false })
    await client.connect(`opc.tcp://127.0.0.1:${port}`)
    const session = await client.createSession(user)
    const index = (await session.readNamespaceArray()).indexOf(namespace)
    const nodes = metrics.map((_, number) => ({
      nodeId: `ns=${index};s=${identifierOf(number)}`,
      attributeId: library.AttributeIds.Value,
    }))
    return {
      async read() {
        const values = await session.read(nodes)
        return values.filter(({ value, statusCode }) => statusCode.isGood() && Number.isFinite(value.value)).length
      },
    }
  }
}

async function passingCertificates({ OPCUACertificateManager }: typeof import('node-opcua')) {
  const rootFolder = mkdtempSync(join(tmpdir(), 'bare-opc-ua-'))
  process.once('exit', () => rmSync(rootFolder, { recursive: true, force: true }))
  const manager = new OPCUACertificateManager({ rootFolder, automaticallyAcceptUnknownCertificate: true })
  await manager.initialize()
  return manager
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
