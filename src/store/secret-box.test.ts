import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { createSecretBox } from './secret-box.ts'

const key = (id: string) => ({ id, key: randomBytes(32) })
const binding = { record: 'equipment/1', field: 'iot_credentials', target: 'modbus oven 502' }
const secret = { password: 'canary-7f3a' }

it('opens what it sealed, and never seals the same twice', () => {
  const box = createSecretBox([key('a')])
  const sealed = box.seal(secret, binding)
  expect(box.open(sealed, binding)).toEqual(secret)
  expect(sealed.includes('canary')).toBe(false)
  expect(box.seal(secret, binding).equals(sealed)).toBe(false)
})

it.each([
  ['another row', { record: 'equipment/2' }],
  ['another field', { field: 'secret' }],
  ['another host', { target: 'modbus evil 502' }],
])('does not open it for %s', (_, change) => {
  const box = createSecretBox([key('a')])
  expect(() => box.open(box.seal(secret, binding), { ...binding, ...change })).toThrow(
    expect.objectContaining({ code: 'INTERNAL' }),
  )
})

it('does not open it when any single bit is wrong, or the end is missing', () => {
  const box = createSecretBox([key('a')])
  const sealed = box.seal(secret, binding)
  for (let bit = 0; bit < sealed.length * 8; bit += 1) {
    const broken = Buffer.from(sealed)
    broken[bit >> 3] = (broken[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    expect(() => box.open(broken, binding)).toThrow()
  }
  for (let length = 0; length < sealed.length; length += 1)
    expect(() => box.open(sealed.subarray(0, length), binding)).toThrow()
})

it('encrypts with the first key and opens with all', () => {
  const [old, fresh] = [key('old'), key('new')]
  const sealed = createSecretBox([old]).seal(secret, binding)
  const rotated = createSecretBox([fresh, old])
  expect(rotated.open(sealed, binding)).toEqual(secret)
  const again = rotated.seal(secret, binding)
  expect(createSecretBox([fresh]).open(again, binding)).toEqual(secret)
  expect(() => createSecretBox([fresh]).open(sealed, binding)).toThrow(/old/)
})
