import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseNetwork } from './network.ts'
import { parseEgressAllow } from './parse-egress-allow.ts'

describe('parseEgressAllow', () => {
  it.each([
    ['', []],
    ['  ', []],
    ['127.0.0.1', [{ network: '127.0.0.1' }]],
    ['100.64.0.0/10', [{ network: '100.64.0.0/10' }]],
    ['0.0.0.0/0:443', [{ network: '0.0.0.0/0', ports: [{ from: 443, to: 443 }] }]],
    [
      '0.0.0.0/0:443, 127.0.0.1/32:502',
      [
        { network: '0.0.0.0/0', ports: [{ from: 443, to: 443 }] },
        { network: '127.0.0.1/32', ports: [{ from: 502, to: 502 }] },
      ],
    ],
    [
      '8.8.8.0/24:502+4840+8000-8999',
      [
        {
          network: '8.8.8.0/24',
          ports: [
            { from: 502, to: 502 },
            { from: 4840, to: 4840 },
            { from: 8000, to: 8999 },
          ],
        },
      ],
    ],
    ['2001:db8::/32', [{ network: '2001:db8::/32' }]],
    ['::1', [{ network: '::1' }]],
    ['::/0', [{ network: '::/0' }]],
    ['2000::/3', [{ network: '2000::/3' }]],
    ['[2001:db8::/32]', [{ network: '2001:db8::/32' }]],
    ['[::1]:502', [{ network: '::1', ports: [{ from: 502, to: 502 }] }]],
    ['[2001:db8::/32]:1-65535', [{ network: '2001:db8::/32', ports: [{ from: 1, to: 65_535 }] }]],
  ])('reads "%s"', (text, rules) => {
    expect(parseEgressAllow(text)).toEqual(rules)
  })

  it.each([
    ['localhost', '"localhost" is not CIDR[:ports]'],
    ['localhost:502', '"localhost:502" is not CIDR[:ports]'],
    ['*', '"*" is not CIDR[:ports]'],
    ['10.0.0.0/8;172.16.0.0/12', 'is not CIDR[:ports]'],
    ['10.0.0.0/33', 'is not CIDR[:ports]'],
    ['fd00::/129', 'is not CIDR[:ports]'],
    ['10.0.0/8', 'is not CIDR[:ports]'],
    ['010.0.0.0/8', 'is not CIDR[:ports]'],
    ['10.0.0.0/', 'is not CIDR[:ports]'],
    ['10.0.0.0/-1', 'is not CIDR[:ports]'],
    ['fd00::/8:502', 'is not CIDR[:ports]'],
    ['[fd00::/8', 'is not CIDR[:ports]'],
    ['[fd00::]/8', 'is not CIDR[:ports]'],
    ['fe80::1%eth0', 'is not CIDR[:ports]'],
    ['https://8.8.8.8', 'is not CIDR[:ports]'],
    ['0.0.0.0/0:443,8443', '"8443" is not a network: several ports of one network are joined by +'],
    ['0.0.0.0/0:443,8000-8999', '"8000-8999" is not a network'],
    ['0.0.0.0/0:', 'has wrong ports'],
    ['0.0.0.0/0:0', 'has wrong ports'],
    ['0.0.0.0/0:65536', 'has wrong ports'],
    ['0.0.0.0/0:9000-8000', 'has wrong ports'],
    ['0.0.0.0/0:443+', 'has wrong ports'],
    ['0.0.0.0/0:https', 'has wrong ports'],
    ['0.0.0.0/0:4e2', 'has wrong ports'],
    ['[::1]:', 'has wrong ports'],
    ['8.8.8.8,', 'has an empty entry'],
    [',8.8.8.8', 'has an empty entry'],
    ['10.0.4.17/8', '"10.0.4.17/8" starts inside its network: write 10.0.0.0/8'],
    ['fd00::1/8', 'write fd00::/8'],
    ['169.254.169.254', 'which nothing lifts'],
    ['169.254.0.0/16:80', 'which nothing lifts'],
    ['fe80::/64', 'which nothing lifts'],
    ['::ffff:8.8.8.8', 'write the IPv4 network'],
    ['64:ff9b::/96', 'write the IPv4 network'],
    ['[2002:808::/32]:443', 'write the IPv4 network'],
  ])('refuses "%s": %s', (text, message) => {
    expect(() => parseEgressAllow(text)).toThrow(message)
    expect(() => parseEgressAllow(text)).toThrow(/^EGRESS_ALLOW/)
  })

  it('gives rules that hold, or says what is wrong, whatever it is given', () => {
    const piece = fc.constantFrom(
      '10.0.0.0',
      '8.8.8.8',
      'fd00::',
      '::1',
      '/8',
      '/32',
      '/0',
      '/',
      ':',
      ':502',
      '[',
      ']',
      ',',
      '+',
      '-',
      '0',
      '70000',
      ' ',
      'x',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const outcome = attempt(() => parseEgressAllow(pieces.join('')))
        if (outcome instanceof Error) expect(outcome.message).toMatch(/^EGRESS_ALLOW/)
        else for (const { network } of outcome) expect(parseNetwork(network)).toBeDefined()
      }),
    )
  })
})

function attempt<T>(work: () => T): T | Error {
  try {
    return work()
  } catch (error) {
    if (error instanceof Error) return error
    throw error
  }
}
