import { readFile } from 'node:fs/promises'
import { nodesets } from 'node-opcua'
import { describe, expect, it } from 'vitest'
import { stateNames } from './state-names.ts'

const uris = ['Machinery', 'PackML', 'Weihenstephan'].map((name) => `http://opcfoundation.org/UA/${name}/`)
const files = [nodesets.machinery, nodesets.packML, nodesets.weihenstephan]

/** State and InitialState of OPC UA itself. */
const stateTypes = ['i=2307', 'i=2309']

/** The states that a model declares, by the number of the node, and of those that have one the StateNumber. */
async function statesIn(file: string, uri: string) {
  const xml = await readFile(file, 'utf8')
  const own = [...xml.matchAll(/<Uri>([^<]*)<\/Uri>/g)].findIndex(([, given]) => given === uri) + 1
  const states = new Map<string, string>()
  for (const [, head = '', body = ''] of xml.matchAll(/<UAObject ([^>]*)>(.*?)<\/UAObject>/gs)) {
    const type = /HasTypeDefinition">([^<]*)</.exec(body)?.[1]
    const node = / NodeId="ns=(\d+);i=(\d+)"/.exec(` ${head}`)
    const name = /BrowseName="(?:\d+:)?([^"]*)"/.exec(head)?.[1]
    if (stateTypes.includes(type ?? '') && Number(node?.[1]) === own) states.set(node?.[2] ?? '', name ?? '')
  }
  const numbers = new Map<string, string>()
  for (const [, head = '', body = ''] of xml.matchAll(/<UAVariable ([^>]*)>(.*?)<\/UAVariable>/gs)) {
    const parent = /ParentNodeId="ns=\d+;i=(\d+)"/.exec(head)?.[1]
    const value = /UInt32[^>]*>(\d+)</.exec(body)?.[1]
    if (parent && value && /BrowseName="(0:)?StateNumber"/.test(head)) numbers.set(parent, value)
  }
  return { states, numbers }
}

describe('states', () => {
  it.each(uris.map((uri, index) => [uri, index] as const))('of %s have the nodes of the model', async (uri, index) => {
    const { states } = await statesIn(files[index] ?? '', uri)
    expect(states.size).toBeGreaterThan(7)
    const { byNode } = stateNames('', ['http://opcfoundation.org/UA/', uri])
    expect([...byNode].toSorted()).toEqual([...states].map(([node, name]) => [`1;${node}`, name]).toSorted())
  })

  it('have no nodes where the server does not have their model', () => {
    expect(stateNames('BaseStateMachine', ['http://opcfoundation.org/UA/']).byNode.size).toBe(0)
  })

  it.each([
    ['MachineryItemState', '0', 'NotAvailable'],
    ['MachineryItemState', '3', 'Executing'],
    ['MachineryOperationMode', '0', 'None'],
    ['MachineryOperationMode', '2', 'Setup'],
    ['BaseStateMachine', '19', 'Cleared'],
    ['MachineState', '18', 'Running'],
    ['ExecuteState', '5', 'Suspended'],
    ['ExecuteState', '0', undefined],
    ['HeldState', '3', undefined],
    ['Pump', '3', undefined],
  ])('of %s with number %s are %s', (machine, number, name) => {
    expect(stateNames(machine, []).byNumber.get(number)).toBe(name)
  })

  it('of PackML have the numbers of the model', async () => {
    const { states, numbers } = await statesIn(nodesets.packML, uris[1] ?? '')
    const inModel = [...numbers].flatMap(([node, number]) => {
      const name = states.get(node)
      return name === undefined ? [] : [[number, name]]
    })
    expect(inModel.length).toBeGreaterThan(10)
    const { byNumber } = stateNames('BaseStateMachine', [])
    for (const [number = '', name] of inModel) expect(byNumber.get(number)).toBe(name)
    expect(byNumber.size).toBe(states.size)
  })
})
