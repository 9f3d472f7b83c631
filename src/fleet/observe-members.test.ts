import { describe, expect, it } from 'vitest'
import { livingMembers, type MemberRecord, observeMembers, silentMembers } from './observe-members.ts'

const aliveMs = 4_000
const forgetMs = 60_000
const member = (beat: number, instanceId = 'other', held = 0): MemberRecord => ({ instanceId, beat, held })

type Reading = [atMs: number, ...records: MemberRecord[]]

/** The view after these readings, one after the other. */
function read([firstMs, ...firstRecords]: Reading, ...later: Reading[]) {
  return later.reduce(
    (view, [atMs, ...records]) => observeMembers(view, records, atMs),
    observeMembers(undefined, firstRecords, firstMs),
  )
}

describe('a member lives', () => {
  it.each([
    { when: 'not when it was there first and has not moved', view: read([0, member(7)], [1_000, member(7)]), lives: 0 },
    { when: 'when it was there first and moves', view: read([0, member(7)], [1_000, member(8)]), lives: 1 },
    { when: 'when it appears later', view: read([0], [1_000, member(1)]), lives: 1 },
    { when: 'not when it is gone from the list', view: read([0], [1_000, member(1)], [2_000]), lives: 0 },
    { when: 'when it comes back', view: read([0], [500, member(1)], [800], [1_000, member(1)]), lives: 1 },
  ])('$when', ({ view, lives }) => {
    expect(livingMembers(view, 2_000, aliveMs)).toHaveLength(lives)
  })

  it('until its beat has not moved for longer than the time', () => {
    const view = read([0], [1_000, member(1)], [2_000, member(1)])
    expect(livingMembers(view, 1_000 + aliveMs, aliveMs)).toHaveLength(1)
    expect(livingMembers(view, 1_001 + aliveMs, aliveMs)).toEqual([])
  })

  it('with what it said last', () => {
    const view = read(
      [0],
      [1_000, member(1, 'a', 64), member(1, 'b', 0)],
      [2_000, member(2, 'a', 32), member(1, 'b', 0)],
    )
    expect(livingMembers(view, 2_000, aliveMs)).toMatchObject([
      { instanceId: 'a', held: 32 },
      { instanceId: 'b', held: 0 },
    ])
  })
})

it('a member is silent when it has not moved for long, whether or not it was ever seen moving', () => {
  const view = read(
    [0, member(1, 'dead')],
    [1_000, member(1, 'dead'), member(1, 'died')],
    [2_000, member(1, 'dead'), member(1, 'died')],
  )
  expect(silentMembers(view, forgetMs, forgetMs)).toEqual([])
  expect(silentMembers(view, forgetMs + 1, forgetMs).map(({ instanceId }) => instanceId)).toEqual(['dead'])
  expect(silentMembers(view, forgetMs + 1_001, forgetMs).map(({ instanceId }) => instanceId)).toEqual(['dead', 'died'])
})
