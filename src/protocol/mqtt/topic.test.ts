import { describe, expect, it } from 'vitest'
import { topicFilterFault, topicMatches } from './topic.ts'

describe('topicFilterFault', () => {
  it.each([
    'tele/oven/SENSOR',
    '/old/firmware',
    'a//b',
    'a/',
    'zigbee2mqtt/Kühlraum 2',
    'site/+/temp',
    'site/oven/#',
    '$SYS/broker/uptime',
    'homie/oven/$state',
    'x'.repeat(1_000),
  ])('%s can be asked for', (filter) => {
    expect(topicFilterFault(filter)).toBeUndefined()
  })

  it.each([
    ['', 'must not be empty'],
    ['a\u0000b', 'must not hold control characters'],
    ['a\nb', 'must not hold control characters'],
    ['a\ud800', 'must not hold control characters'],
    ['#', 'must not begin with a wildcard'],
    ['+/temp', 'must not begin with a wildcard'],
    ['site/ov+en', 'must have + alone between two /'],
    ['site/#/temp', 'must have # alone after the last /'],
    ['site/oven#', 'must have # alone after the last /'],
    ['$share/group/oven', 'must not be a shared subscription'],
    ['$queue/oven', 'must not be a shared subscription'],
  ])('%j %s', (filter, fault) => {
    expect(topicFilterFault(filter)).toBe(fault)
  })
})

describe('topicMatches', () => {
  it.each([
    ['a/b', 'a/b', true],
    ['a/b', 'a/b/c', false],
    ['a/b', 'a', false],
    ['a/+/c', 'a/b/c', true],
    ['a/+/c', 'a//c', true],
    ['a/+', 'a/', true],
    ['a/+', 'a', false],
    ['a/+', 'a/b/c', false],
    ['a/#', 'a', true],
    ['a/#', 'a/', true],
    ['a/#', 'a/b/c', true],
    ['a/#', 'ab', false],
    ['a/+/#', 'a/b', true],
    ['a/+/#', 'a', false],
    ['a/b', 'A/b', false],
  ])('%s and %s: %s', (filter, topic, matches) => {
    expect(topicMatches(filter, topic)).toBe(matches)
  })
})
