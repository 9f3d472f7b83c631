import { readFile } from 'node:fs/promises'
import { nodesets } from 'node-opcua'
import { describe, expect, it } from 'vitest'
import { cycleStages, operationalStatuses } from '#core'
import { modes } from './kitchen-modes.ts'

/** Names by number, of each enumeration of the model. */
const model = await readFile(nodesets.commercialKitchenEquipment, 'utf8')
function namesOf(enumeration: string): string[] {
  const [, fields = ''] =
    model.match(new RegExp(`<Definition Name="\\d+:${enumeration}">(.*?)</Definition>`, 's')) ?? []
  const names: string[] = []
  for (const [, name = '', value] of fields.matchAll(/<Field Name="([^"]+)" Value="(\d+)"/g))
    names[Number(value)] = name
  return names
}

describe('modes', () => {
  it.each(Object.keys(modes))('%s has a meaning for each value that the model defines', (name) => {
    const names = namesOf(`${name}Enumeration`)
    expect(names.length).toBeGreaterThan(3)
    const meanings = modes[name] ?? []
    expect(meanings.map((meaning) => meaning !== undefined)).toEqual(names.map((of) => !of.startsWith('NotDefined')))
    for (const meaning of meanings) {
      if (!meaning) continue
      expect(operationalStatuses).toContain(meaning.operational_status)
      expect([undefined, ...cycleStages]).toContain(meaning.cycle_stage)
    }
  })

  it.each(Object.keys(modes))('%s says off, error and cleaning where the model does', (name) => {
    const told = namesOf(`${name}Enumeration`).map((of, value) => [of.toLowerCase(), modes[name]?.[value]] as const)
    const statusOf = (word: RegExp) =>
      new Set(told.flatMap(([of, as]) => (word.test(of) ? as?.operational_status : [])))
    for (const [word, status] of [
      [/^(machine)?off$/, 'off'],
      [/^error$/, 'error'],
      [/^(self)?clean(ing)?$/, 'cleaning'],
      [/^stand_?by$/, 'standby'],
      [/^pre_?heat$/, 'preheating'],
    ] as const) {
      const statuses = statusOf(word)
      if (statuses.size > 0) expect([...statuses]).toEqual([status])
    }
  })

  it.each([
    ['CombiSteamerMode', 10, 'error', 'unknown'],
    ['ChamberMode', 14, 'running', 'proofing'],
    ['ChamberMode', 16, 'defrosting', 'defrost'],
    ['OperatingMode', 7, 'off', 'idle'],
    ['FryerMode', 3, 'running', 'baking'],
    ['MultiFunctionPanMode', 13, 'cleaning', 'cleaning'],
    ['CookingKettleMode', 6, 'running', 'mixing'],
    ['OperationMode', 7, 'running', undefined],
    ['OperationMode', 9, undefined, undefined],
    ['Status', 11, 'error', 'unknown'],
  ])('%s %d is %s, %s', (name, value, operational_status, cycle_stage) => {
    expect(modes[name]?.[value]?.operational_status).toBe(operational_status)
    expect(modes[name]?.[value]?.cycle_stage).toBe(cycle_stage)
  })
})
