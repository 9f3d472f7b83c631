import { describe, expect, it } from 'vitest'
import type { Behaviour } from './behaviours/behaviour.ts'
import { expectStillNeeded, qualityLevel, waiverFaults } from './judge-waivers.ts'
import type { Waiver } from './waivers.ts'

const waiver: Waiver = { connector: 'oven', behaviour: 'closes', reason: 'slow controller', until: '2030-06-01' }
const known = { connectors: ['oven'], behaviours: ['closes', 'opens'] }
const today = '2030-05-31'

describe('waiverFaults', () => {
  it.each<[string, Waiver[], string[]]>([
    ['a good waiver', [waiver], []],
    ['its last day', [{ ...waiver, until: today }], []],
    ['the day after', [{ ...waiver, until: '2030-05-30' }], ['oven: closes: expired on 2030-05-30']],
    ['no date', [{ ...waiver, until: 'never' }], ['oven: closes: expired on never']],
    ['an unknown connector', [{ ...waiver, connector: 'kiln' }], ['kiln: closes: there is no such connector']],
    ['an unknown behaviour', [{ ...waiver, behaviour: 'sings' }], ['oven: sings: there is no such behaviour']],
    ['no reason', [{ ...waiver, reason: ' ' }], ['oven: closes: has no reason']],
    ['the same twice', [waiver, waiver], ['oven: closes: is waived twice']],
  ])('%s', (_name, waivers, faults) => {
    expect(waiverFaults(waivers, known, today)).toEqual(faults)
  })
})

describe('expectStillNeeded', () => {
  it('is content while the behaviour fails', async () => {
    await expectStillNeeded(waiver, () => Promise.reject(new Error('no')))
  })
  it('fails once the behaviour holds', async () => {
    await expect(expectStillNeeded(waiver, () => undefined)).rejects.toThrow('remove the waiver')
  })
})

describe('qualityLevel', () => {
  const behaviours: Behaviour[] = [
    { name: 'closes', level: 'bronze', check: () => undefined },
    { name: 'sings', level: 'silver', check: () => undefined },
    { name: 'dances', level: 'gold', check: () => undefined },
  ]
  it.each([
    [[], 'gold'],
    [[{ ...waiver, behaviour: 'dances' }], 'silver'],
    [[{ ...waiver, behaviour: 'sings' }], 'bronze'],
    [[waiver], 'none'],
  ])('with the waivers %j it is %s', (waived, level) => {
    expect(qualityLevel(behaviours, waived)).toBe(level)
  })
})
