import { simulator as opcUaSimulator } from '../../../connectors/opc_ua/simulator.ts'
import { simulator as rationalSimulator } from '../../../connectors/rational/simulator.ts'
import { cakeOvenAt, combiAt, combiBatchesAt } from './demo-day.ts'
import type { DemoServer } from './demo-server.ts'

const login = { username: 'baker', password: 'demo-bakery' }
const users = { [login.username]: login.password }
const client = { client_id: 'demo-client', client_secret: 'demo-bakery' }

/** A cake oven with an OPC UA server of its own. `certificatesIn` keeps the server's certificate, so that it is trusted once. */
export function startCakeOven(certificatesIn: string): Promise<DemoServer> {
  const contents = (t: number) => ({
    users,
    anonymous: false,
    certificates_in: certificatesIn,
    devices: [{ name: 'CakeOven', variables: chamberVariables(t) }],
  })
  return opcUaMachine(opcUaSimulator, contents, login)
}

/** Two combi steamers in the maker's cloud: live values by OPC UA, batches by its API. */
export function startCombiSteamers(certificatesIn: string): Promise<DemoServer> {
  const contents = (t: number) => ({
    users,
    certificates_in: certificatesIn,
    units: ([1, 2] as const).map((unit) => ({
      id: `471${unit}`,
      serial: serialOf(unit),
      values: combiValues(t, unit),
    })),
    api: { client, batches: ([1, 2] as const).flatMap((unit) => combiBatches(t, unit)) },
  })
  return opcUaMachine(rationalSimulator, contents, { ...login, ...client })
}

/** Their servers make all nodes anew with new values; twice a second would keep them busy. */
const secondsBetween = 2

async function opcUaMachine(
  simulator: typeof opcUaSimulator,
  contents: (t: number) => object,
  credentials: Readonly<Record<string, string>>,
): Promise<DemoServer> {
  const machine = await simulator.start(contents(0))
  let shownAt = 0
  return {
    address: { ...machine.configuration, credentials },
    live(t) {
      if (t - shownAt < secondsBetween) return
      shownAt = t
      machine.load(contents(t))
    },
    stop: machine.stop,
  }
}

/** OPC 30200, 9.3: chambers are numbered from 1 on. */
function chamberVariables(t: number) {
  return cakeOvenAt(t).flatMap(({ mode, temperature, top, isDoorOpen, secondsLeft }, index) => {
    const at = (name: string) => ({ path: [`Chamber_${index + 1}`, name] })
    return [
      { ...at('OperationMode'), type: 'Int32', value: mode },
      { ...at('ActualChamberTemperature_1'), type: 'Float', value: temperature, unit: 'CEL' },
      { ...at('ActualTopTemperature_1'), type: 'Float', value: top, unit: 'CEL' },
      { ...at('IsDoorOpen'), type: 'Boolean', value: isDoorOpen },
      { ...at('TimeRemaining'), type: 'Int32', value: secondsLeft, unit: 'SEC' },
    ]
  })
}

function serialOf(unit: number): string {
  return `E11DEMO000000${unit}`
}

function combiValues(t: number, unit: 1 | 2): Record<string, number | string | boolean> {
  const { mode, chamber, core, humidity, isDoorOpen, secondsLeft } = combiAt(t, unit)
  return {
    Manufacturer: 'RATIONAL',
    'CombiSteamer/CombiSteamerMode': mode,
    'CombiSteamer/SetTemperature': 188,
    'CombiSteamer/ActualTemperatureChamber_0': chamber,
    'CombiSteamer/ActualInternalCoreTemperature_0': core,
    'CombiSteamer/ActualHumidity': humidity,
    'CombiSteamer/IsDoorOpen': isDoorOpen,
    'CombiSteamer/TimeRemainingProgram': secondsLeft,
  }
}

function combiBatches(t: number, unit: 1 | 2) {
  return combiBatchesAt(t, unit, Date.now()).map(({ number, program, startedAt, isFinished }) => ({
    id: number,
    name: program,
    startDate: startedAt.toISOString(),
    finished: isFinished,
    deviceSerialNumber: serialOf(unit),
    ...(isFinished ? { coreTempReached: true } : {}),
  }))
}
