import { expect, it } from 'vitest'
import { balanceShards, fairShare } from './balance-shards.ts'

const patienceMs = 3_000
const impatient = { waitingForMs: patienceMs }
const patient = { waitingForMs: patienceMs - 1 }

it.each([
  { members: 1, share: 64 },
  { members: 2, share: 32 },
  { members: 3, share: 22 },
  { members: 5, share: 13 },
  { members: 64, share: 1 },
  { members: 100, share: 1 },
])('the fair share of $members members is $share', ({ members, share }) => {
  expect(fairShare(members)).toBe(share)
})

it.each([
  { when: 'the first takes all', held: 0, waiting: 64, others: [], moves: { take: 64, release: 0 } },
  { when: 'one that holds everything is content', held: 64, waiting: 0, others: [], moves: { take: 0, release: 0 } },
  { when: 'a newcomer finds nothing that waits', held: 0, waiting: 0, others: [64], moves: { take: 0, release: 0 } },
  { when: 'a newcomer takes what waits', held: 0, waiting: 10, others: [54], moves: { take: 10, release: 0 } },
  { when: 'no more than the share', held: 0, waiting: 64, others: [0], moves: { take: 32, release: 0 } },
  { when: 'what the share still lacks', held: 20, waiting: 44, others: [0], moves: { take: 12, release: 0 } },
  { when: 'nothing beyond the share', held: 32, waiting: 5, others: [27], moves: { take: 0, release: 0 } },
  {
    when: 'a surplus goes to a newcomer few at a time',
    held: 64,
    waiting: 0,
    others: [0],
    moves: { take: 0, release: 8 },
  },
  { when: 'the last of it', held: 35, waiting: 0, others: [29], moves: { take: 0, release: 3 } },
  { when: 'two share the surplus of a third', held: 25, waiting: 0, others: [25, 14], moves: { take: 0, release: 3 } },
  { when: 'only as much as there is room for', held: 40, waiting: 0, others: [22, 20], moves: { take: 0, release: 2 } },
  { when: 'a remainder moves nothing', held: 22, waiting: 0, others: [22, 20], moves: { take: 0, release: 0 } },
  { when: 'no release while shards wait', held: 64, waiting: 1, others: [0], moves: { take: 0, release: 0 } },
])('$when', ({ held, waiting, others, moves }) => {
  expect(balanceShards({ held, waiting, heldByOthers: others, ...patient }, patienceMs)).toEqual(moves)
})

it.each([
  { when: 'beyond the share', held: 32, waiting: 32, others: [0], moves: { take: 32, release: 0 } },
  { when: 'however many there are', held: 22, waiting: 3, others: [22, 17], moves: { take: 3, release: 0 } },
])('what has waited too long is taken $when', ({ held, waiting, others, moves }) => {
  expect(balanceShards({ held, waiting, heldByOthers: others, ...impatient }, patienceMs)).toEqual(moves)
})
