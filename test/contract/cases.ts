import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { z } from 'zod'
import { BakewireError, type Sample } from '#connector'
import { startMachine } from './machine.ts'
import { connectorsFolder, type Subject } from './subject.ts'

/** What `iot-config` takes, without the address, which is the simulated machine's. */
const caseConfiguration = z.strictObject({
  protocol: z.string().optional(),
  credentials: z.record(z.string(), z.unknown()).default({}),
  additional_config: z.record(z.string(), z.unknown()).default({}),
})

const outcomes = ['expected.json', 'fault.json'] as const
type Outcome = (typeof outcomes)[number]

const casesFolder = (connector: string) => join(connectorsFolder, connector, 'cases')

/** The names of a connector's cases; none where there is no such folder, which a behaviour of the suite then tells. */
export async function caseNames(connector: string): Promise<string[]> {
  const entries = await readdir(casesFolder(connector), { withFileTypes: true }).catch(() => [])
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
}

/** Which of the two outcomes a case expects; throws when it holds anything but two inputs and one outcome. */
async function outcomeOf(connector: string, name: string): Promise<Outcome> {
  const files = await readdir(join(casesFolder(connector), name))
  const found = outcomes.filter((file) => files.includes(file))
  expect(files.sort(), 'files of the case').toEqual(['config.json', 'equipment.json', ...found].sort())
  const [outcome] = found
  if (!outcome || found.length > 1) throw new Error(`case ${name} must hold exactly one of ${outcomes.join(' and ')}`)
  return outcome
}

async function readJson(connector: string, name: string, file: string): Promise<unknown> {
  return JSON.parse(await readFile(join(casesFolder(connector), name, file), 'utf8'))
}

/** Reads the case's machine once through the connector and compares what comes of it in full. */
export async function runCase(subject: Subject, name: string): Promise<void> {
  const outcome = await outcomeOf(subject.folder, name)
  const wanted = await readJson(subject.folder, name, outcome)
  const given = await readOnce(subject, name).catch((thrown: unknown) => {
    if (outcome === 'fault.json' && thrown instanceof BakewireError) return thrown
    throw thrown
  })
  if (given instanceof BakewireError) expect(faultShape(given)).toEqual(wanted)
  else expect(outcome === 'fault.json' ? { read: given } : given.sort(byMetric)).toEqual(wanted)
}

async function readOnce(subject: Subject, name: string): Promise<Sample[]> {
  const configuration = caseConfiguration.parse(await readJson(subject.folder, name, 'config.json'))
  const { profile } = subject.registry.resolve(configuration.protocol ?? subject.connector.id)
  const equipment = await readJson(subject.folder, name, 'equipment.json')
  const machine = await startMachine(subject, { equipment, configuration, profile })
  const link = await machine.open(machine.parse())
  return link.read()
}

/** The code, how long the machine wants to be left alone, and the named faults where a configuration is refused. */
function faultShape({ code, errors, retryAfterMs }: BakewireError): object {
  return { code, ...(retryAfterMs === undefined ? {} : { retryAfterMs }), ...(errors.length > 0 ? { errors } : {}) }
}

function byMetric(left: Sample, right: Sample): number {
  return left.metric < right.metric ? -1 : 1
}

/** Silver: cases show values and faults, and every profile by its protocol name. */
export async function casesCover(subject: Subject): Promise<void> {
  const names = await caseNames(subject.folder)
  const found = await Promise.all(names.map((name) => outcomeOf(subject.folder, name)))
  expect(new Set(found)).toEqual(new Set(outcomes))
  const configurations = await Promise.all(names.map((name) => readJson(subject.folder, name, 'config.json')))
  const protocols = configurations.map((configuration) => caseConfiguration.parse(configuration).protocol)
  expect(protocols).toEqual(expect.arrayContaining(subject.connector.profiles.map(({ id }) => id)))
}
