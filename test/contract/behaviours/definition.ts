import { expect } from 'vitest'
import { type Configuration, describeConnector, parseTarget, pointSchema } from '#connector'
import { convertUnit, limits, placeOf } from '#core'
import { fieldsOf } from '../fields-of.ts'
import { faultOf, startMachine } from '../machine.ts'
import type { Subject } from '../subject.ts'
import type { Behaviour } from './behaviour.ts'

/** What a connector's definition promises before anything is dialled. */
export const definitionBehaviours: readonly Behaviour[] = [
  {
    name: 'its id is the name of its folder',
    level: 'bronze',
    check: ({ connector, folder }) => expect(connector.id).toBe(folder),
  },
  {
    name: 'it names the document that it follows',
    level: 'bronze',
    check: ({ connector }) => expect(connector.source.trim()).not.toBe(''),
  },
  {
    name: 'it can be described as JSON',
    level: 'bronze',
    check: ({ connector }) => {
      const description = describeConnector(connector)
      expect(JSON.parse(JSON.stringify(description))).toEqual(description)
      expect(description.capabilities).toContain('read')
    },
  },
  {
    name: 'it refuses an unknown field in every part of a configuration',
    level: 'bronze',
    check: refusesUnknownFields,
  },
  {
    name: 'it refuses a configuration without points, unless they are known or machines describe themselves',
    level: 'bronze',
    check: async (subject) => {
      const machine = await startMachine(subject)
      const parse = () => machine.parse({ points: [] })
      const known = subject.connector.pointsOf(machine.parse().settings as Readonly<Record<string, unknown>>)
      if (known.length > 0 || subject.connector.describesItself) expect(parse().points).toHaveLength(known.length)
      else expect(parse).toThrow()
    },
  },
  {
    name: 'every credential is marked secret, and nothing else is',
    level: 'bronze',
    check: ({ connector }) => {
      for (const field of Object.values(fieldsOf(connector.credentials))) expect(field?.['x-secret']).toBe(true)
      for (const part of [connector.settings, connector.address]) {
        for (const field of Object.values(fieldsOf(part))) expect(field?.['x-secret']).toBeUndefined()
      }
    },
  },
  {
    name: 'its link key is the same for the same machine and holds no secret',
    level: 'bronze',
    check: async (subject) => {
      const machine = await startMachine(subject)
      const { connector } = subject
      const key = connector.linkKey(machine.parse())
      expect(key).toBe(connector.linkKey(machine.parse()))
      expect(key.startsWith(`${connector.id}:`)).toBe(true)
      for (const secret of secretsOf(subject)) expect(key).not.toContain(secret)
    },
  },
  {
    name: 'every field has a title',
    level: 'silver',
    check: ({ connector }) => {
      for (const part of [connector.credentials, connector.settings, connector.address]) {
        for (const [name, field] of Object.entries(fieldsOf(part))) {
          expect(field, `field ${name}`).toHaveProperty('title')
        }
      }
    },
  },
  {
    name: 'every profile names its source and feeds metrics that exist, each once',
    level: 'bronze',
    check: profilesAreSound,
  },
  {
    name: 'every profile holds what a configuration could hold',
    level: 'silver',
    check: ({ connector }) => {
      for (const { id, points, settings = {} } of connector.profiles) {
        expect(() => connector.settings.partial().parse(settings), id).not.toThrow()
        expect(points.length, id).toBeLessThanOrEqual(limits.pointsPerEquipment)
        for (const { address, ...point } of points) {
          expect(() => pointSchema(connector).parse({ ...point, ...Object(address) }), id).not.toThrow()
        }
      }
    },
  },
]

/** Every credential of the example configuration. */
export function secretsOf({ simulator }: Subject): string[] {
  const { credentials = {} } = simulator.example.configuration
  return Object.values(credentials).filter((secret) => typeof secret === 'string')
}

async function refusesUnknownFields(subject: Subject): Promise<void> {
  const machine = await startMachine(subject)
  const { credentials, additional_config } = subject.simulator.example.configuration
  const { configuration } = machine.simulated
  const right = {
    ...configuration,
    credentials: { ...configuration.credentials, ...credentials },
    additional_config: { ...configuration.additional_config, ...additional_config },
  }
  const point = subject.simulator.example.unknownPoint
  const parse = async (given: Configuration) => parseTarget(subject.connector, 'machine-1', given)
  await expect(parse(right)).resolves.toBeDefined()
  const unknown = { surprise: 1 }
  const wrong: [path: string, Configuration][] = [
    ['credentials.surprise', { ...right, credentials: { ...right.credentials, ...unknown } }],
    ['additional_config.surprise', { ...right, additional_config: { ...right.additional_config, ...unknown } }],
    [
      'additional_config.points[0].surprise',
      { ...right, additional_config: { ...right.additional_config, points: [{ ...point, ...unknown }] } },
    ],
  ]
  for (const [path, configured] of wrong) {
    const fault = await faultOf(parse(configured))
    expect(fault.errors).toContainEqual({ path, message: 'is not a known field' })
  }
}

function profilesAreSound({ connector }: Subject): void {
  for (const profile of connector.profiles) {
    expect(profile.source.trim(), profile.id).not.toBe('')
    const metrics = profile.points.map(({ metric }) => metric)
    expect(new Set(metrics).size, profile.id).toBe(metrics.length)
    for (const { metric, unit, words, address } of profile.points) {
      const place = placeOf(metric)
      expect(place, metric).toBeDefined()
      expect(() => connector.address.parse(address), metric).not.toThrow()
      if (place?.in === 'column' && place.metric.kind === 'number' && unit !== undefined) {
        expect(convertUnit(1, unit, place.metric.quantity), metric).toBeDefined()
      }
      if (place?.in === 'column' && place.metric.kind === 'word') {
        expect(place.metric.words, metric).toEqual(expect.arrayContaining(Object.values(words ?? {})))
      }
    }
  }
}
