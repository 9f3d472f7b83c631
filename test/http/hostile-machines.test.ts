import { createServer, type Server, type Socket } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { modbusBody, restBody } from './configurations.ts'
import { expectProblem } from './expect-problem.ts'
import { type HttpRig, listen, startHttpRig } from './http-rig.ts'

let rig: HttpRig
const servers: { server: Server; sockets: Set<Socket> }[] = []
beforeAll(async () => {
  rig = await startHttpRig({ worker: 'holds every shard' })
})
afterEach(async () => {
  for (const { server, sockets } of servers.splice(0)) {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  }
})
afterAll(() => rig.stop())

/** A machine that does this with every connection; gives its port. */
async function machineThat(talks: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined).on('close', () => sockets.delete(socket)))
    talks(socket)
  })
  servers.push({ server, sockets })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}

const post = async (what: string, body: object, id?: string) =>
  rig.call('POST', `/api/v1/equipment/${id ?? (await rig.machine())}/${what}`, { body })

function flood(socket: Socket): void {
  const chunk = Buffer.alloc(64 * 1024, 'x')
  const more = () => {
    while (socket.writable && socket.write(chunk));
  }
  socket.on('drain', more)
  more()
}

function drip(socket: Socket): void {
  socket.write('H')
  const dripping = setInterval(() => socket.write('H'), 50)
  socket.on('close', () => clearInterval(dripping))
}

const strangers: readonly (readonly [string, (socket: Socket) => void])[] = [
  ['that floods without end', flood],
  ['that drips', drip],
  ['that never answers and never closes', () => undefined],
  ['that closes at once', (socket: Socket) => void socket.destroy()],
  ['that is an SSH server', (socket: Socket) => void socket.write('SSH-2.0-OpenSSH_9.6\r\n')],
  ['that speaks HTTP of another kind', (socket: Socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n<html>')],
  ['that speaks TLS', (socket: Socket) => void socket.write(Buffer.from('15030300020228', 'hex'))],
]

describe('test-connection tells of a machine', () => {
  it.each(strangers)('%s what is wrong, and is done soon', async (_name, talks) => {
    const port = await machineThat(talks)
    for (const body of [modbusBody(port), restBody(port)]) {
      const { status, body: answer, text } = await post('test-connection', body)
      expect(status, text).toBe(200)
      expect(answer.success, text).toBe(false)
      expect(answer.error_details.code, text).not.toBe('INTERNAL')
      // What a stranger sends is shown to nobody.
      expect(text).not.toMatch(/OpenSSH|<html>|xxxx/)
    }
  })

  it('to whom is still there when 100 ask at once, and tells the others to come back', async () => {
    const port = await machineThat(() => undefined)
    const id = await rig.machine()
    const answers = await Promise.all(Array.from({ length: 100 }, () => post('test-connection', modbusBody(port), id)))
    const refused = answers.filter(({ status }) => status !== 200)
    expect(refused.length).toBeGreaterThanOrEqual(36)
    for (const answer of refused) {
      expectProblem(answer, 'OVERLOADED')
      expect(answer.headers['retry-after']).toBe('1')
    }
    for (const { body, status } of answers) if (status === 200) expect(body.success).toBe(false)
  })

  it('that is deleted meanwhile', async () => {
    const asked = Promise.withResolvers<void>()
    const port = await machineThat(() => asked.resolve())
    const id = await rig.machine()
    const testing = post('test-connection', modbusBody(port), id)
    await asked.promise
    expect((await rig.call('DELETE', `/api/v1/equipment/${id}`)).status).toBe(204)
    expect(await testing).toMatchObject({ status: 200, body: { success: false } })
    expectProblem(await post('test-connection', modbusBody(port), id), 'NOT_FOUND')
  })

  it('that is deleted while it is configured, and brings it not back', async () => {
    const asked = Promise.withResolvers<void>()
    const port = await machineThat(() => asked.resolve())
    const id = await rig.machine()
    const configuring = post('iot-config', modbusBody(port), id)
    await asked.promise
    await rig.call('DELETE', `/api/v1/equipment/${id}`)
    expectProblem(await configuring, 'NOT_FOUND')
    expectProblem(await rig.call('GET', `/api/v1/equipment/${id}`), 'NOT_FOUND')
  })

  it('to nobody when the asking program has gone, and goes on', async () => {
    const { host, port: ownPort } = await listen(rig.app)
    const asked = Promise.withResolvers<void>()
    const port = await machineThat(() => asked.resolve())
    const id = await rig.machine()
    const gone = new AbortController()
    const request = fetch(`http://${host}:${ownPort}/api/v1/equipment/${id}/test-connection`, {
      method: 'POST',
      headers: { authorization: `Bearer ${rig.adminKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(modbusBody(port)),
      signal: gone.signal,
    })
    await asked.promise
    gone.abort()
    await expect(request).rejects.toThrow()
    expect(await post('test-connection', modbusBody(port), id)).toMatchObject({ status: 200, body: { success: false } })
  })

  it.each([
    '169.254.169.254',
    '169.254.169.254.',
    '0xA9FEA9FE',
    '0251.0376.0251.0376',
    '2852039166',
    '169.254.43518',
    '::ffff:a9fe:a9fe',
    '64:ff9b::a9fe:a9fe',
    'fe80::1',
    'fd00:ec2::254',
    '0.0.0.0',
    '::',
    '255.255.255.255',
    '224.0.0.1',
    '8.8.8.8',
    '169。254。169。254',
    'user@10.0.0.1',
  ])('at %s that it may not be dialled', async (endpoint) => {
    const answer = await post('test-connection', modbusBody(80, { endpoint }))
    if (answer.status !== 200) return void expect(expectProblem(answer, 'CONFIG_INVALID')).toEqual(['endpoint'])
    const { success, error_details: fault } = answer.body
    expect({ success, code: fault.code }).toEqual({ success: false, code: 'ADDRESS_REFUSED' })
  })
})
