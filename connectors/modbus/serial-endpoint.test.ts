import { describe, expect, it } from 'vitest'
import { type BakewireError, kit, parseTarget } from '#connector'
import defineModbus from './index.ts'
import { isSerialPort } from './serial-endpoint.ts'

const connector = defineModbus(kit)
const points = [{ metric: 'temperature', table: 'holding', address: 0, type: 'int16' }]
const at = (endpoint: string, additional_config: object = {}) =>
  parseTarget(connector, 'machine-1', { endpoint, additional_config: { points, ...additional_config } })
const refusalOf = (endpoint: string, additional_config: object = {}): unknown => {
  try {
    return at(endpoint, additional_config)
  } catch (error) {
    return (error as BakewireError).errors
  }
}

describe('a serial port as endpoint', () => {
  it.each([
    '/dev/ttyUSB0',
    '/dev/ttyACM12',
    '/dev/ttyS1',
    '/dev/ttyO3',
    '/dev/ttyAMA0',
    '/dev/ttymxc2',
    '/dev/serial/by-id/usb-FTDI_FT232R_USB_UART_A50285BI-if00-port0',
    '/dev/serial/by-path/pci-0000:00:14.0-usb-0:2:1.0-port0',
    '/dev/cu.usbserial-A50285BI',
    '/dev/tty.usbserial-1420',
    'COM3',
    'com12',
  ])('%s is one', (endpoint) => {
    expect(isSerialPort(endpoint)).toBe(true)
    expect(at(endpoint).endpoint).toBe(endpoint)
  })

  it.each([
    ['the terminal of a person', '/dev/pts/0'],
    ['the terminal of this program', '/dev/tty'],
    ['a screen', '/dev/tty1'],
    ['an old terminal of a person', '/dev/ttyp0'],
    ['the console', '/dev/console'],
    ['the log of the kernel', '/dev/ttyprintk'],
    ['a disk', '/dev/sda1'],
    ['memory', '/dev/mem'],
    ['a way out of the folder', '/dev/serial/by-id/../../sda1'],
    ['a hidden way out', '/dev/ttyUSB0/../sda'],
    ['a name that only begins like one', '/dev/ttyUSB0x'],
    ['two lines', '/dev/ttyUSB0\n'],
    ['a NUL', '/dev/ttyUSB0\u0000'],
    ['a file', '/etc/passwd'],
    ['a relative name', 'dev/ttyUSB0'],
    ['another form of Windows', '\\\\.\\COM3'],
  ])('%s is none', (_name, endpoint) => {
    expect(isSerialPort(endpoint)).toBe(false)
    expect(refusalOf(endpoint)).toEqual([
      { path: 'endpoint', message: expect.stringMatching(/^must be a host name .* or a serial port such as/) },
    ])
  })

  it('has settings of its own, which a host has not', () => {
    const line = { baud_rate: 19_200, parity: 'even', stop_bits: 1 }
    expect(at('/dev/ttyUSB0', line).settings).toMatchObject(line)
    const message = 'is for serial ports: the endpoint is a host, whose gateway has its own settings'
    expect(refusalOf('10.0.4.17', line)).toEqual(
      ['baud_rate', 'parity', 'stop_bits'].map((name) => ({ path: `additional_config.${name}`, message })),
    )
  })

  it.each([
    ['another baud rate', { baud_rate: 9_601 }, 'additional_config.baud_rate'],
    ['another parity', { parity: 'mark' }, 'additional_config.parity'],
    ['three stop bits', { stop_bits: 3 }, 'additional_config.stop_bits'],
    ['the framing of a network', { framing: 'rtu_over_tcp' }, 'additional_config.framing'],
    ['a unit that is none', { unit_id: 248 }, 'additional_config.unit_id'],
    ['the unit that is all of them', { unit_id: 0 }, 'additional_config.unit_id'],
  ])('refuses %s', (_name, given, path) => {
    expect(refusalOf('/dev/ttyUSB0', given)).toMatchObject([{ path }])
  })

  it('is one link for all units, whatever the port of the configuration is', () => {
    const keyOf = (endpoint: string, port?: number) =>
      connector.linkKey(parseTarget(connector, 'machine-1', { endpoint, port, additional_config: { points } }))
    expect(keyOf('/dev/ttyUSB0')).toBe('modbus:/dev/ttyUSB0')
    expect(keyOf('/dev/ttyUSB0', 1502)).toBe('modbus:/dev/ttyUSB0')
    expect(keyOf('com3')).toBe(keyOf('COM3'))
  })

  it('must be set the same for all units, by default or not', () => {
    const settingsOf = (given: object) => connector.linkSettings(at('/dev/ttyUSB0', given))
    expect(settingsOf({})).toEqual({
      baud_rate: 9_600,
      parity: 'none',
      stop_bits: 1,
      pause_ms: 0,
      close_after_read: false,
    })
    expect(settingsOf({ baud_rate: 9_600, parity: 'none' })).toEqual(settingsOf({ unit_id: 7 }))
    expect(settingsOf({ baud_rate: 19_200 })).not.toEqual(settingsOf({}))
  })
})
