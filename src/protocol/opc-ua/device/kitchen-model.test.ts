import { readFile } from 'node:fs/promises'
import { nodesets } from 'node-opcua'
import { describe, expect, it } from 'vitest'
import type { Child } from '../browse-children.ts'
import { devicePoints } from './device-points.ts'

interface Declared {
  readonly id: string
  readonly name: string
  readonly parent: string | undefined
  readonly type: string | undefined
}

/** What the model declares, by the kind of node; names end in 1 where they are numbered. */
const model = await readFile(nodesets.commercialKitchenEquipment, 'utf8')
function declared(kind: 'UAObjectType' | 'UAObject' | 'UAVariable'): Declared[] {
  return [...model.matchAll(new RegExp(`<${kind} ([^>]*)>(.*?)</${kind}>`, 'gs'))].map(([, head = '', body = '']) => ({
    id: /NodeId="([^"]*)"/.exec(head.replace('ParentNodeId', ''))?.[1] ?? '',
    name: (/BrowseName="(?:\d+:)?([^"]*)"/.exec(head)?.[1] ?? '').replace('&lt;No.&gt;', '1'),
    parent: /ParentNodeId="([^"]*)"/.exec(head)?.[1],
    type: /ReferenceType="HasTypeDefinition">([^<]*)</.exec(body)?.[1],
  }))
}
const [types, objects, variables] = [declared('UAObjectType'), declared('UAObject'), declared('UAVariable')]

const variableNamed = (name: string, at: string): Child => ({
  nodeId: { namespace: 1, identifierType: 2, value: `${at}/${name}` } as never,
  name,
  namespaceIndex: 1,
  isVariable: true,
  isProperty: false,
})

/** The objects of a device that has all that its type declares, each with its variables. */
function partsOf(typeName: string) {
  const type = types.find(({ name }) => name === typeName)
  return objects
    .filter(({ parent }) => parent === type?.id)
    .map((part) => ({
      path: [part.name],
      variables: variables
        .filter(({ parent }) => parent === part.type)
        .map(({ name }) => variableNamed(name, part.name)),
    }))
}

describe('of all that the model declares', () => {
  it.each([
    ['CombiSteamerDeviceType', 'CombiSteamerMode', 'ActualTemperatureChamber_1'],
    ['OvenDeviceType', 'ChamberMode', 'ActualChamberTemperature_1'],
    ['MicrowaveCombiOvenDeviceType', 'OperatingMode', 'ActualTemperatureChamber'],
    ['FryerDeviceType', 'FryerMode', 'ActualTemperature'],
    ['FryingPanDeviceType', 'FryingPanMode', 'ActualTemperature'],
    ['CookingKettleDeviceType', 'CookingKettleMode', 'ActualTemperature'],
    ['PressureCookingKettleDeviceType', 'PressureCookingKettleMode', 'ActualTemperature'],
    ['PastaCookerDeviceType', 'PastaCookerMode', 'ActualTemperature'],
    ['MultiFunctionPanDeviceType', 'MultiFunctionPanMode', 'ActualTemperatureBottom'],
    ['ServeryCounterDeviceType', 'TrayMode', 'ActualTemperature'],
    ['CookingZoneDeviceType', 'CurrentState', 'ActualTemperature'],
    ['FryingAndGrillingDeviceType', 'GrillingZoneState', 'ActualGrillTemperature_1'],
    ['DishWashingMachineDeviceType', 'OperationMode', 'ActualMainTankTemperature_1'],
    ['CoffeeMachineDeviceType', 'CoffeeMachineMode', 'BoilerTempWater'],
    ['IceMachineDeviceType', 'Status', 'Temperature_1'],
  ])('%s has its mode, and every temperature', (type, mode, temperature) => {
    const parts = partsOf(type)
    const points = devicePoints({ objects: parts, conditions: [], namespaces: [] })
    const named = (metric: string) => points.find((point) => point.metric === metric)
    expect(named('operational_status')?.name).toBe(mode)
    expect(named('temperature')?.child.name).toBe(temperature)
    const zones = points.filter(({ metric }) => metric.startsWith('temperature_zones.')).map(({ child }) => child.name)
    const measured = parts
      .flatMap((part) => part.variables.map(({ name }) => name))
      // `…No` says how many there are.
      .filter((name) => /^(Actual.*Temp|BoilerTemp|Temperature)/.test(name) && !name.endsWith('No'))
    expect(zones.toSorted()).toEqual(measured.toSorted())
  })
})
