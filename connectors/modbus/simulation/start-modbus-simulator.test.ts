import { once } from 'node:events'
import { connect } from 'node:net'
import modbusSerial from 'modbus-serial'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type ModbusSimulatorOptions, startModbusSimulator } from './start-modbus-simulator.ts'
import { startModbusSimulators } from './start-modbus-simulators.ts'
import { writeNumber } from './unit-memory.ts'

const units = {
  1: { holding: { 0: [1, 2, 65_535] }, input: { 5: 7 }, coils: { 9: [true, false, true] }, discrete: { 0: true } },
}

/** modbus-serial as it comes is the judge of what the simulator answers. */
async function served(options: Partial<ModbusSimulatorOptions> = {}) {
  const machine = await startModbusSimulator({ units, ...options })
  onTestFinished(() => machine.stop())
  const client = new modbusSerial.default()
  await client.connectTCP(machine.host, { port: machine.port })
  onTestFinished(() => client.destroy(() => undefined))
  client.setID(1)
  client.setTimeout(1_000)
  return { machine, client }
}

describe('the Modbus simulator', () => {
  it('serves the four tables', async () => {
    const { client } = await served()
    expect((await client.readHoldingRegisters(0, 3)).data).toEqual([1, 2, 65_535])
    expect((await client.readInputRegisters(5, 1)).data).toEqual([7])
    expect((await client.readCoils(9, 3)).data.slice(0, 3)).toEqual([true, false, true])
    expect((await client.readDiscreteInputs(0, 1)).data[0]).toBe(true)
  })

  it.each([
    ['a register that does not exist', 2, (client: Client) => client.readHoldingRegisters(2, 2)],
    ['no registers', 3, (client: Client) => client.readHoldingRegisters(0, 0)],
    ['more registers than the protocol allows', 3, (client: Client) => client.readHoldingRegisters(0, 126)],
    ['more bits than the protocol allows', 3, (client: Client) => client.readCoils(0, 2001)],
    ['a function that it does not have', 1, (client: Client) => client.readDeviceIdentification(1, 0)],
    ['to write a register that does not exist', 2, (client: Client) => client.writeRegisters(2, [1, 2])],
    ['to write a coil that does not exist', 2, (client: Client) => client.writeCoil(0, true)],
    ['to write no registers', 3, (client: Client) => client.writeRegisters(0, [])],
  ])('refuses %s with exception %i', async (_name, modbusCode, ask) => {
    const { client } = await served()
    await expect(ask(client)).rejects.toMatchObject({ modbusCode })
  })

  it('keeps what is written, by every function that writes', async () => {
    const { machine, client } = await served()
    const { holding, coils } = machine.units.get(1) ?? {}
    await client.writeRegister(0, 77)
    await client.writeRegisters(1, [88, 0xfff0])
    await client.maskWriteRegister(2, 0xff0f, 0x0053)
    await client.writeCoil(9, false)
    await client.writeCoils(10, [true, false])
    expect([...(holding ?? [])]).toEqual([
      [0, 77],
      [1, 88],
      [2, 0xff50],
    ])
    expect([...(coils ?? [])]).toEqual([
      [9, false],
      [10, true],
      [11, false],
    ])
  })

  it('knows only the functions that it was given', async () => {
    const { client } = await served({ units: { 1: { holding: { 0: 1 }, functions: [3, 16] } } })
    await client.writeRegisters(0, [5])
    await expect(client.writeRegister(0, 6)).rejects.toMatchObject({ modbusCode: 1 })
    expect((await client.readHoldingRegisters(0, 1)).data).toEqual([5])
  })

  it('says that a unit behind it does not answer', async () => {
    const { client } = await served()
    client.setID(9)
    await expect(client.readHoldingRegisters(0, 1)).rejects.toMatchObject({ modbusCode: 11 })
  })

  it('is live', async () => {
    const { machine, client } = await served()
    const unit = machine.units.get(1)
    if (!unit) throw new Error('no unit 1')
    writeNumber(unit.input, 0x34, 2450.5, 'float32')
    expect((await client.readInputRegisters(0x34, 2)).buffer.readFloatBE(0)).toBe(2450.5)
  })

  it('counts connections, and has only so many slots', async () => {
    const { machine } = await served({ maxConnections: 1 })
    expect(machine.connections()).toBe(1)
    const second = connect(machine.port, machine.host)
    second.on('error', () => undefined)
    await once(second, 'close')
    expect(machine.connections()).toBe(1)
  })

  it('cuts off a client that does not speak Modbus', async () => {
    const { machine } = await served()
    const client = connect(machine.port, machine.host)
    client.write('GET / HTTP/1.1\r\n\r\n')
    client.resume()
    await once(client, 'close')
    expect(machine.requests()).toBe(0)
  })

  it('stops twice and leaves no connection', async () => {
    const { machine } = await served()
    await Promise.all([machine.stop(), machine.stop()])
    await machine.stop()
    expect(machine.connections()).toBe(0)
  })

  it('runs many machines in one process', async () => {
    const fleet = await startModbusSimulators(20, (index) => ({ units: { 1: { holding: { 0: index } } } }))
    onTestFinished(() => fleet.stop())
    expect(new Set(fleet.machines.map(({ port }) => port)).size).toBe(20)
    expect(fleet.machines.map(({ units: held }) => held.get(1)?.holding.get(0))).toEqual([...Array(20).keys()])
  })
})

type Client = Awaited<ReturnType<typeof served>>['client']
