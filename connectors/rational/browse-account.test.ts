import { describe, expect, it } from 'vitest'
import { batch, client, faultOf, openLink, startTestCloud, targetOf, unit } from './link-fixture.ts'

const program = (id: number) => ({ id, name: `Program ${id}`, type: 'MANUAL', status: 'published' })
const account = (more: object = {}) => ({
  units: [
    {
      ...unit('1', 181),
      values: {
        Model: 'iCombi Pro',
        'CombiSteamer/ActualTemperatureChamber_0': 181,
        'CombiSteamer/CombiSteamerMode': 5,
        'CombiSteamer/IsDoorOpen': false,
        'CombiSteamer/TimeRemainingProgram': 90,
      },
    },
    unit('2'),
  ],
  api: { client, batches: [batch(10, '1', { totalTime: 900, entries: [] })], programs: [program(1)], ...more },
})

async function browsing(equipment: object) {
  const cloud = await startTestCloud(equipment)
  const target = targetOf(cloud, '1')
  return { cloud, target, link: await openLink(target) }
}

describe('an account', () => {
  it('has its units at the top, and lists of the API', async () => {
    const { link } = await browsing(account())
    const { found } = await link.browse()
    expect(found.map(({ kind, at }) => [kind, at])).toEqual([
      ['unit', 'unit:1'],
      ['unit', 'unit:2'],
      ['list', 'programmes'],
      ['list', 'batches'],
      ['list', 'newest'],
    ])
    expect(found[0]).toEqual({ name: '1', kind: 'unit', at: 'unit:1', value: 'S1' })
  })

  it('has in each unit variables that can be configured as they are', async () => {
    const { link, cloud } = await browsing(account())
    const { found } = await link.browse({ at: 'unit:1' })
    expect(found).toContainEqual({
      name: 'CombiSteamer/ActualTemperatureChamber_0',
      kind: 'variable',
      value: '181',
      point: { metric: 'temperature', variable: 'CombiSteamer/ActualTemperatureChamber_0' },
    })
    expect(found).toContainEqual({
      name: 'CombiSteamer/CombiSteamerMode',
      kind: 'variable',
      value: '5',
      point: { metric: 'additional.CombiSteamer_CombiSteamerMode', variable: 'CombiSteamer/CombiSteamerMode' },
    })
    const points = found.map(({ point }) => point)
    const named = targetOf(cloud, '1', { settings: { points } })
    expect(await link.outcomes(named)).toMatchObject({
      temperature: 181,
      door_status: false,
      time_remaining_minutes: 90,
      'additional.Model': 'iCombi Pro',
    })
    expect(named.points.find(({ metric }) => metric === 'time_remaining_minutes')).toMatchObject({ unit: 's' })
  })

  it('has the fields of the newest batch, by the names that the API gives them', async () => {
    const { link } = await browsing(account())
    const { found } = await link.browse({ at: 'newest' })
    expect(found).toContainEqual({
      name: 'totalTime',
      kind: 'number',
      value: '900',
      point: { metric: 'additional.totalTime', batch: '/totalTime' },
    })
    expect(found).toContainEqual({ name: 'entries', kind: 'list' })
  })

  it('has programmes and batches, page by page', async () => {
    const programs = Array.from({ length: 5 }, (_, index) => program(index))
    const { link, cloud } = await browsing(account({ programs }))
    const pages = []
    let cursor: string | undefined
    do {
      const page = await link.browse({ at: 'programmes', limit: 2, ...(cursor === undefined ? {} : { cursor }) })
      pages.push(page.found.map(({ name }) => name))
      cursor = page.cursor
    } while (cursor !== undefined)
    expect(pages).toEqual([['Program 0', 'Program 1'], ['Program 2', 'Program 3'], ['Program 4']])
    expect(cloud.api.asked).toHaveLength(3)
    expect((await link.browse({ at: 'programmes', limit: 1 })).found).toEqual([
      { name: 'Program 0', kind: 'programme', value: 'MANUAL, published' },
    ])
    expect((await link.browse({ at: 'batches' })).found).toEqual([
      { name: 'Batch 10', kind: 'batch under way', value: '2026-11-20T04:00:00Z, S1' },
    ])
  })

  it('has variables in pages, too', async () => {
    const { link } = await browsing(account())
    const first = await link.browse({ at: 'unit:1', limit: 4 })
    const second = await link.browse({ at: 'unit:1', limit: 4, cursor: first.cursor })
    expect([first.found.length, second.found.length, second.cursor]).toEqual([4, 2, undefined])
  })
})

it.each([
  [{ at: 'nowhere' }, 'CONFIG_INVALID'],
  [{ at: 'unit:9' }, 'POINT_REFUSED'],
  [{ cursor: '-1' }, 'CONFIG_INVALID'],
  [{ cursor: '1.2' }, 'CONFIG_INVALID'],
  [{ at: 'programmes', cursor: '1' }, 'CONFIG_INVALID'],
  [{ at: 'programmes', cursor: '1.0' }, 'CONFIG_INVALID'],
])('%j is refused', async (request, code) => {
  const { link } = await browsing(account())
  expect(await faultOf(link.browse(request))).toMatchObject({ code })
})
