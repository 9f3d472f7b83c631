import { describe, expect, it } from 'vitest'
import type { ErrorCode } from '#core'
import { adviceOn } from './advice.ts'
import { stages } from './definition.ts'

/** What opening and reading a link throw. */
const codesOfLinks: readonly ErrorCode[] = [
  'CONFIG_INVALID',
  'LINK_CONFLICT',
  'ADDRESS_REFUSED',
  'ADDRESS_UNRESOLVED',
  'UNREACHABLE',
  'TIMED_OUT',
  'LINK_LOST',
  'TLS_FAILED',
  'CERTIFICATE_REJECTED',
  'CREDENTIALS_REJECTED',
  'PROTOCOL_VIOLATED',
  'POINT_REFUSED',
  'VALUE_INVALID',
  'DEVICE_BUSY',
  'UNAVAILABLE',
  'INTERNAL',
]

describe.each(codesOfLinks)('%s', (code) => {
  it.each(stages)('has an advice at the stage %s that somebody in a bakery can follow or pass on', (stage) => {
    const advice = adviceOn(stage, code)
    expect(advice).toMatch(/^[A-Z].{20,}[.?]$/)
    // Words of the network stack and of our own tables help nobody there.
    expect(advice.replace('(EGRESS_ALLOW)', '')).not.toMatch(
      /[A-Z]+_[A-Z]+|ECONN|socket|TCP|handshake|exception|payload/,
    )
  })
})

it('tells a machine that is off from one that is silent and from a unit behind a gateway', () => {
  const advices = [
    adviceOn('reachable', 'UNREACHABLE'),
    adviceOn('reachable', 'TIMED_OUT'),
    adviceOn('read', 'TIMED_OUT'),
    adviceOn('read', 'UNREACHABLE'),
    adviceOn('slot', 'LINK_LOST'),
  ]
  expect(new Set(advices).size).toBe(advices.length)
})
