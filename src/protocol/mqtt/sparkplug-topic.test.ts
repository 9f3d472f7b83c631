import { expect, it } from 'vitest'
import { sparkplugCommandTopic, sparkplugFilter, sparkplugTopic } from './sparkplug-topic.ts'
import { topicMatches } from './topic.ts'

it.each([
  ['spBv1.0/Bakery/NBIRTH/Line 1', { kind: 'NBIRTH', node: 'Bakery/Line 1', device: '' }],
  ['spBv1.0/Bakery/DDATA/Line 1/Oven', { kind: 'DDATA', node: 'Bakery/Line 1', device: 'Oven' }],
  ['spBv1.0/Bakery/NDATA/Line 1/Oven', undefined],
  ['spBv1.0/Bakery/DDATA/Line 1', undefined],
  ['spBv1.0/Bakery/DDATA/Line 1/', undefined],
  ['spBv1.0/Bakery/DDATA/Line 1/Oven/More', undefined],
  ['spBv1.0/Bakery/NBIRTH/', undefined],
  ['spBv1.0//NBIRTH/Line 1', undefined],
  ['spBv1.0/Bakery/constructor/Line 1', undefined],
  ['spBv1.0/STATE/host', undefined],
  [`spBv1.0/Bakery/DDATA/Line 1/${'x'.repeat(1_000)}`, undefined],
  ['spAv1.0/Bakery/NBIRTH/Line 1', undefined],
  ['oven/temp', undefined],
  ['', undefined],
])('%s', (topic, told) => {
  expect(sparkplugTopic(topic)).toEqual(told)
})

it('what is asked for is all of an edge node and nothing of others', () => {
  const filter = sparkplugFilter('Bakery/Line 1')
  expect(filter).toBe('spBv1.0/Bakery/+/Line 1/#')
  expect(topicMatches(filter, 'spBv1.0/Bakery/NDEATH/Line 1')).toBe(true)
  expect(topicMatches(filter, 'spBv1.0/Bakery/DDATA/Line 1/Oven')).toBe(true)
  expect(topicMatches(filter, 'spBv1.0/Bakery/NDATA/Line 2')).toBe(false)
})

it('commands', () => {
  expect(sparkplugCommandTopic('Bakery/Line 1', '')).toBe('spBv1.0/Bakery/NCMD/Line 1')
  expect(sparkplugCommandTopic('Bakery/Line 1', 'Oven')).toBe('spBv1.0/Bakery/DCMD/Line 1/Oven')
})
