import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { partsKit } from '#protocol/parts'
import { parseTarget } from './parse.ts'
import { loadRegistry } from './registry.ts'

const own = join(import.meta.dirname, '../../connectors')
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bakewire-connectors-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A connector outside the repository: it can import nothing of ours, the kit is all that it has. */
function write(id: string, text: string): void {
  mkdirSync(join(folder, id))
  writeFileSync(join(folder, id, 'index.ts'), text)
}

const scale = (id: string, alias: string) => `
export default ({ defineConnector, field, z }) => defineConnector({
  id: '${id}', aliases: ['${alias}'], title: 'Scale', source: 'its manual',
  endpoint: field.host(), port: field.port(4001), credentials: z.strictObject({}), settings: z.strictObject({}),
  address: z.strictObject({}), timeoutSecondsDefault: 2, linkKey: () => 'x', open: async () => ({}), close: () => undefined,
})`

it('finds connectors by id, alias and the names of their profiles', async () => {
  const registry = await loadRegistry([own], partsKit)
  for (const [protocol, id, profile] of [
    ['modbus', 'modbus', undefined],
    ['custom', 'rest_api', undefined],
    ['eastron-sdm630', 'modbus', 'eastron-sdm630'],
  ]) {
    const found = registry.resolve(protocol ?? '')
    expect([found.connector.id, found.profile]).toEqual([id, profile])
  }
})

it('loads connectors of folders outside', async () => {
  write('scale', scale('scale', 'balance'))
  expect((await loadRegistry([own, folder], partsKit)).resolve('balance').connector.id).toBe('scale')
})

it('loads those that are linked to, and passes over what else a folder of connectors holds', async () => {
  write('scale', scale('scale', 'balance'))
  const place = join(folder, 'connectors')
  for (const name of ['.git', 'node_modules/scale', 'helpers']) mkdirSync(join(place, name), { recursive: true })
  writeFileSync(join(place, 'node_modules/scale/index.ts'), 'export default 5')
  writeFileSync(join(place, 'README.md'), 'Scales')
  await expect(loadRegistry([place], partsKit)).rejects.toThrow(join(place, '<id>', 'index.ts'))
  symlinkSync(join(folder, 'scale'), join(place, 'scale'))
  expect((await loadRegistry([place], partsKit)).connectors.map(({ id }) => id)).toEqual(['scale'])
})

it('refuses two of one name, and a file that is no connector', async () => {
  write('scale', scale('scale', 'modbus'))
  await expect(loadRegistry([own, folder], partsKit)).rejects.toThrow('modbus')
  rmSync(join(folder, 'scale'), { recursive: true })
  write('broken', 'export default 5')
  await expect(loadRegistry([folder], partsKit)).rejects.toThrow(join('broken', 'index.ts'))
})

it.each([
  ["metric: 'timestamp'", 'timestamp, which is no metric'],
  ["metric: 'temperature', unit: 'kW'", 'temperature whose unit must be one of Cel'],
  ["metric: 'door_status', words: { shut: 'shut' }", 'door_status whose words shut is none of open, closed, unknown'],
])('knows no point of %s', async (point, message) => {
  const points = `pointsOf: () => [{ ${point}, address: {} }], address:`
  write('scale', scale('scale', 'balance').replace('address:', points))
  const { connector } = (await loadRegistry([folder], partsKit)).resolve('scale')
  expect(() => parseTarget(connector, 'e', { endpoint: 'scale' })).toThrow(`scale knows a point of ${message}`)
})

it('says which file cannot be loaded, and refuses an id that is not the name of its folder', async () => {
  write('torn', 'export default ({')
  await expect(loadRegistry([folder], partsKit)).rejects.toThrow(`${join(folder, 'torn', 'index.ts')}: `)
  rmSync(join(folder, 'torn'), { recursive: true })
  write('balance', scale('scale', 'weight'))
  await expect(loadRegistry([folder], partsKit)).rejects.toThrow('its id is scale, and its folder is called balance')
})

it.each(['', 'Modbus', 'modbuss', '__proto__', 'constructor', 'toString'])('knows no protocol %j', async (protocol) => {
  const registry = await loadRegistry([own], partsKit)
  expect(() => registry.resolve(protocol)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
})
