import { expect } from 'vitest'
import { BakewireError, type Browsed, type BrowseRequest, type Found, pointSchema, type Target } from '#connector'
import { faultOf, outcomesOf, startMachine } from '../machine.ts'
import type { Subject } from '../subject.ts'
import type { Behaviour, Precondition } from './behaviour.ts'

const needs: Precondition = { name: 'browse', holds: ({ connector }) => connector.browse !== undefined }

/** Long enough to hear an example that publishes when somebody listens. */
const listeningSeconds = 1
/** Deeper and more than any example is. */
const stepsMax = 200

/** What browsing promises: what there is, in bounded pieces, without touching it. */
export const browseBehaviours: readonly Behaviour[] = [
  {
    name: 'browsing finds the points of the machine, ready to be configured and read',
    level: 'silver',
    needs,
    check: async (subject) => {
      const { machine, browse } = await openExample(subject)
      const points = (await everything(browse, 50)).flatMap(({ point }) => (point === undefined ? [] : [point]))
      expect(points).not.toEqual([])
      for (const point of points) expect(() => pointSchema(subject.connector).parse(point)).not.toThrow()
      const target = machine.parse({ points: uniqueByMetric(points) })
      const samples = await (await machine.open(target)).read()
      expect(samples.some((sample) => 'value' in sample)).toBe(true)
    },
  },
  {
    name: 'browsing is bounded, goes on where it ended, and changes nothing',
    level: 'silver',
    needs,
    check: async (subject) => {
      const { link, browse } = await openExample(subject)
      const before = outcomesOf(await link.read())
      const atOnce = namesOf(await everything(browse, 50))
      const inPieces = namesOf(await everything(browse, 1))
      expect(inPieces).toEqual(atOnce)
      expect(outcomesOf(await link.read())).toEqual(before)
    },
  },
  {
    name: 'a place to browse that never was is refused or empty, and the link goes on',
    level: 'silver',
    needs,
    check: async (subject) => {
      const { link, browse } = await openExample(subject)
      for (const wrong of [{ at: 'no such place' }, { cursor: 'no such cursor' }, { at: '\0'.repeat(2_000) }]) {
        const outcome = await browse(wrong).then(
          ({ found }) => found,
          (thrown: unknown) => faultOf(Promise.reject(thrown)),
        )
        if (outcome instanceof BakewireError) expect(['fix-config', 'give-up']).toContain(outcome.remedy)
        else expect(outcome.length).toBeLessThanOrEqual(50)
      }
      expect(await link.read()).not.toEqual([])
    },
  },
]

type Browse = (request?: Partial<Pick<BrowseRequest<Target>, 'at' | 'cursor' | 'limit'>>) => Promise<Browsed>

async function openExample(subject: Subject) {
  const machine = await startMachine(subject, { settings: subject.simulator.example.browsing ?? {} })
  const target = machine.parse()
  const link = await machine.open(target)
  const { signal } = new AbortController()
  const browse: Browse = async ({ at, cursor, limit = 50 } = {}) => {
    if (!subject.connector.browse) throw new Error('it cannot browse')
    const request = { target, at, cursor, limit, seconds: listeningSeconds, signal }
    const browsed = await subject.connector.browse(link.link, request)
    expect(browsed.found.length).toBeLessThanOrEqual(limit)
    for (const { value = '' } of browsed.found) expect(value.length).toBeLessThanOrEqual(200)
    return browsed
  }
  return { machine, link, browse }
}

/** All that can be reached, breadth first, as far as the steps reach; what leads in a circle is entered once. */
async function everything(browse: Browse, limit: number): Promise<Found[]> {
  const found: Found[] = []
  const places: (string | undefined)[] = [undefined]
  const seen = new Set<string | undefined>(places)
  let steps = 0
  for (const at of places) {
    let cursor: string | undefined
    do {
      if (++steps > stepsMax) return found
      const page = await browse({ at, cursor, limit })
      for (const thing of page.found) {
        found.push(thing)
        if (thing.at !== undefined && !seen.has(thing.at)) {
          seen.add(thing.at)
          places.push(thing.at)
        }
      }
      cursor = page.cursor
    } while (cursor !== undefined)
  }
  return found
}

/** The beginning that both ways of asking reach within the steps. */
function namesOf(found: readonly Found[]): string[] {
  return found.slice(0, 20).map(({ name }) => name)
}

function uniqueByMetric(points: readonly Readonly<Record<string, unknown>>[]) {
  return [...new Map(points.map((point) => [point['metric'], point])).values()].slice(0, 50)
}
