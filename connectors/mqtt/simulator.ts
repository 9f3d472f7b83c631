import type { ConnectorSimulator } from '#connector'
import { makeCertificate } from '#protocol/tls'
import { type BrokerEquipment, brokerEquipment } from './simulation/broker-equipment.ts'
import { startBroker } from './simulation/start-broker.ts'

const login = { username: 'bakery/line 1', password: 'example-password' }
const oven = (temperature: number, humidity: number, state: string) => ({
  login,
  messages: [
    { topic: 'bakery/oven-1/status', json: { cabinet: { temp: temperature, humidity } } },
    { topic: 'bakery/oven-1/state', text: state },
  ],
})

function status(temp: number, target: number) {
  return { topic: 'bakery/oven-1/status', json: { cabinet: { temp, target } } }
}

/** The oven takes a new target, and says so. */
const writing = {
  equipment: {
    login,
    messages: [status(182.5, 180), { topic: 'bakery/oven-1/state', text: 'running' }],
    reactions: [{ topic: 'bakery/oven-1/set', json: { target: 190 }, messages: [status(182.5, 190)] }],
  },
  settings: {
    points: [
      { metric: 'temperature', topic: 'bakery/oven-1/status', pointer: '/cabinet/temp' },
      { metric: 'operational_status', topic: 'bakery/oven-1/state' },
      {
        metric: 'target_temperature',
        topic: 'bakery/oven-1/status',
        pointer: '/cabinet/target',
        command_topic: 'bakery/oven-1/set',
        command: { target: '{value}' },
      },
    ],
  },
  taken: { target_temperature: 190 },
  refused: { operational_status: 'ready' },
}

const example = {
  configuration: {
    credentials: login,
    additional_config: {
      points: [
        { metric: 'temperature', topic: 'bakery/oven-1/status', pointer: '/cabinet/temp' },
        { metric: 'humidity', topic: 'bakery/oven-1/status', pointer: '/cabinet/humidity' },
        { metric: 'operational_status', topic: 'bakery/oven-1/state' },
      ],
    },
  },
  equipment: oven(182.5, 31, 'running'),
  equipmentLater: oven(184, 29.5, 'ready'),
  unknownPoint: { metric: 'power_kw', topic: 'bakery/oven-1/status', pointer: '/meter/power' },
  deadNeighbour: { settings: { points: [{ metric: 'temperature', topic: 'bakery/oven-9/temperature' }] } },
  // Each machine is given an authority of its own.
  secured: {
    equipment: { ...oven(182.5, 31, 'running'), certificate: 'good' },
    impostor: { ...oven(182.5, 31, 'running'), certificate: 'good' },
  },
  writing,
}

export const simulator: ConnectorSimulator = {
  example,

  async start(given) {
    const equipment = brokerEquipment.parse(given)
    const { certificate, ca } = certificateOf(equipment)
    const broker = await startBroker(equipment, certificate)
    return {
      configuration: {
        endpoint: certificate ? 'mqtts://127.0.0.1' : '127.0.0.1',
        port: broker.port,
        additional_config: ca === undefined ? {} : { ca },
      },
      load: (next) => broker.hold(brokerEquipment.parse(next)),
      misbehave: broker.misbehave,
      connections: broker.connections,
      stop: broker.stop,
    }
  },
}

/** A certificate of the kind that is wished for, and the authority that a client would have to trust. */
function certificateOf({ certificate: kind }: BrokerEquipment) {
  if (kind === undefined) return {}
  const issuer = makeCertificate({ name: 'Simulated bakery' })
  const hosts = [kind === 'otherHost' ? 'other.test' : '127.0.0.1']
  const certificate = makeCertificate({ name: 'broker', hosts, issuer })
  return kind === 'stranger' ? { certificate } : { certificate, ca: issuer.cert }
}
