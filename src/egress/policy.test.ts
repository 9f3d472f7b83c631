import { isIP } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseEgressAllow } from './parse-egress-allow.ts'
import { decide, type EgressPolicy } from './policy.ts'

const nothingAdded: EgressPolicy = { allow: [], denied: [], ownAddresses: [] }
const everythingAdded: EgressPolicy = { ...nothingAdded, allow: parseEgressAllow('0.0.0.0/0,::/0,127.0.0.0/8,::1') }

function refusal(address: string, port: number, policy: EgressPolicy): string | undefined {
  const decision = decide(address, port, policy)
  return decision === 'allowed' ? undefined : decision.refused
}

describe('private networks are allowed on any port but those of infrastructure', () => {
  it.each([
    '10.0.0.0',
    '10.0.4.17',
    '10.255.255.255',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.0.1',
    '192.168.255.255',
    'fc00::1',
    'fd12:3456:789a::17',
    '::ffff:10.0.4.17',
    '::ffff:192.168.1.1',
    '::10.0.4.17',
    '::ffff:0:10.0.4.17',
    '64:ff9b::10.0.4.17',
    '2002:0a00:0411::1',
  ])('%s', (address) => {
    for (const port of [1, 80, 443, 502, 1883, 4840, 8080, 44_818, 65_535]) {
      expect(refusal(address, port, nothingAdded)).toBeUndefined()
    }
  })
})

describe('what is neither private nor denied for good needs a rule', () => {
  it.each([
    ['8.8.8.8', '8.8.8.8/32:502'],
    ['9.255.255.255', '9.255.255.255/32:502'],
    ['11.0.0.0', '11.0.0.0/32:502'],
    ['172.15.255.255', '172.15.255.255/32:502'],
    ['172.32.0.0', '172.32.0.0/32:502'],
    ['192.167.255.255', '192.167.255.255/32:502'],
    ['192.169.0.0', '192.169.0.0/32:502'],
    ['100.64.0.1', '100.64.0.1/32:502'],
    ['100.127.255.255', '100.127.255.255/32:502'],
    ['203.0.113.7', '203.0.113.7/32:502'],
    ['2001:db8::1', '[2001:db8::1/128]:502'],
    ['2606:4700::1111', '[2606:4700::1111/128]:502'],
    ['fbff::1', '[fbff::1/128]:502'],
    ['fe00::1', '[fe00::1/128]:502'],
    ['::ffff:8.8.8.8', '8.8.8.8/32:502'],
    ['64:ff9b::8.8.8.8', '8.8.8.8/32:502'],
    ['2002:808:808::1', '8.8.8.8/32:502'],
    // Teredo: the client's address 8.8.8.8 inverted.
    ['2001:0:4136:e378:8000:63bf:f7f7:f7f7', '8.8.8.8/32:502'],
  ])('%s by %s', (address, rule) => {
    expect(refusal(address, 502, nothingAdded)).toContain(
      `is outside the private networks: add ${rule} to EGRESS_ALLOW`,
    )
    const policy = { ...nothingAdded, allow: parseEgressAllow(rule) }
    expect(refusal(address, 502, policy)).toBeUndefined()
    expect(refusal(address, 503, policy)).toContain('EGRESS_ALLOW')
    expect(refusal(address, 502, everythingAdded)).toBeUndefined()
  })
})

describe('loopback needs a rule that names loopback', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1/32:502'],
    ['127.0.0.53', '127.0.0.53/32:502'],
    ['127.255.255.254', '127.255.255.254/32:502'],
    ['::1', '[::1/128]:502'],
    ['::ffff:127.0.0.1', '127.0.0.1/32:502'],
    ['::ffff:7f00:1', '127.0.0.1/32:502'],
    ['64:ff9b::127.0.0.1', '127.0.0.1/32:502'],
    ['2002:7f00:1::', '127.0.0.1/32:502'],
    ['2001:0:0:0:0:0:80ff:fffe', '127.0.0.1/32:502'],
  ])('%s by %s', (address, rule) => {
    expect(refusal(address, 502, nothingAdded)).toContain(`is loopback: add ${rule} to EGRESS_ALLOW`)
    const internet = { ...nothingAdded, allow: parseEgressAllow('0.0.0.0/0,::/0,126.0.0.0/7') }
    expect(refusal(address, 502, internet)).toContain('is loopback')
    expect(refusal(address, 502, { ...nothingAdded, allow: parseEgressAllow(rule) })).toBeUndefined()
    expect(refusal(address, 503, { ...nothingAdded, allow: parseEgressAllow(rule) })).toContain('is loopback')
  })
})

describe('nothing lifts the fixed deny list', () => {
  it.each([
    '169.254.0.1',
    '169.254.169.254',
    '169.254.170.2',
    '169.254.255.255',
    '::ffff:169.254.169.254',
    '::ffff:a9fe:a9fe',
    '::169.254.169.254',
    '::ffff:0:169.254.169.254',
    '64:ff9b::169.254.169.254',
    '64:ff9b:1::1',
    '2002:a9fe:a9fe::',
    '2001:0:0:0:0:0:5601:5601',
    '100.100.100.200',
    '168.63.129.16',
    '192.0.0.192',
    '192.0.0.1',
    '0.0.0.0',
    '0.1.2.3',
    '::',
    '::2',
    '::ffff:0.0.0.0',
    '224.0.0.1',
    '239.255.255.250',
    '240.0.0.1',
    '255.255.255.255',
    '::ffff:255.255.255.255',
    'ff02::1',
    'ff05::2',
    'fe80::1',
    'febf::1',
    'fec0::1',
    '100::1',
    'fd00:ec2::254',
    'fd20:ce::254',
    'fd00:c1::a9fe:a9fe',
  ])('%s', (address) => {
    for (const port of [80, 443, 502]) expect(refusal(address, port, everythingAdded)).toMatch(/it is never dialled$/)
  })

  it.each([22, 23, 25, 2375, 2376, 5432, 6379, 11_211])('port %i', (port) => {
    for (const address of ['10.0.4.17', '8.8.8.8', 'fd00::1', '127.0.0.1']) {
      expect(refusal(address, port, everythingAdded)).toMatch(/is the port of .+: it is never dialled$/)
    }
  })

  it.each([
    '',
    'localhost',
    'oven.local',
    '127.1',
    '0x7f.0.0.1',
    '0177.0.0.1',
    '2130706433',
    '127.0.0.1.',
    'fe80::1%eth0',
    'fd00::1%eth0',
    '10.0.0.1%eth0',
    '[fd00::1]',
    '10.0.0.256',
    ' 10.0.0.1',
  ])('not a plain address: "%s"', (address) => {
    expect(refusal(address, 502, everythingAdded)).toContain('is not a plain IP address')
  })

  it.each([0, -1, 65_536, 1.5, Number.NaN])('not a port: %s', (port) => {
    expect(refusal('10.0.4.17', port, everythingAdded)).toContain('is not a port')
  })
})

describe("Bakewire's own services", () => {
  const policy: EgressPolicy = {
    allow: parseEgressAllow('127.0.0.0/8,::1'),
    denied: [
      { address: '127.0.0.1', port: 15_432 },
      { address: '0.0.0.0', port: 3000 },
      { address: '::', port: 3001 },
      { address: '10.0.4.2', port: 16_379 },
      { address: '10.0.9.9', port: 25_432 },
    ],
    ownAddresses: ['127.0.0.1', '10.0.4.2', 'fd00::2', 'fe80::2%eth0'],
  }
  it.each([
    ['127.0.0.1', 15_432],
    ['127.0.0.2', 15_432],
    ['::1', 15_432],
    ['::ffff:127.0.0.1', 15_432],
    ['10.0.4.2', 15_432],
    ['fd00::2', 15_432],
    ['10.0.4.2', 3000],
    ['127.0.0.1', 3001],
    ['127.0.0.1', 16_379],
    ['10.0.4.2', 16_379],
    ['64:ff9b::10.0.4.2', 16_379],
    ['10.0.9.9', 25_432],
    ['::ffff:10.0.9.9', 25_432],
  ])('%s:%i is refused', (address, port) => {
    expect(refusal(address, port, policy)).toContain("is Bakewire's own database, queue or API")
  })
  it.each([
    ['10.0.4.3', 3000],
    ['10.0.4.3', 15_432],
    ['10.0.4.2', 502],
    ['127.0.0.1', 502],
    ['10.0.4.2', 25_432],
  ])('%s:%i is not them', (address, port) => {
    expect(refusal(address, port, policy)).toBeUndefined()
  })
})

it('judges every IPv4 address alike in all the forms of IPv6 that stand for it', () => {
  const hex = (bytes: readonly number[]) =>
    [bytes.slice(0, 2), bytes.slice(2, 4)]
      .map((pair) => pair.map((byte) => byte.toString(16).padStart(2, '0')).join(''))
      .join(':')
  const byte = fc.integer({ min: 0, max: 255 })
  fc.assert(
    fc.property(fc.tuple(byte, byte, byte, byte), fc.integer({ min: 1, max: 65_535 }), (bytes, port) => {
      fc.pre(bytes.some((value, index) => index < 3 && value > 0))
      const plain = decide(bytes.join('.'), port, nothingAdded)
      const inverted = bytes.map((value) => 255 - value)
      const forms = [
        `::ffff:${hex(bytes)}`,
        `::${hex(bytes)}`,
        `::ffff:0:${hex(bytes)}`,
        `64:ff9b::${hex(bytes)}`,
        `2002:${hex(bytes)}::1`,
        `2001:0:4136:e378:8000:63bf:${hex(inverted)}`,
      ]
      for (const form of forms) expect(decide(form, port, nothingAdded)).toEqual(plain)
    }),
  )
})

it('allows no text that is not an address', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.integer(), (text, port) => {
      fc.pre(isIP(text) === 0)
      expect(decide(text, port, everythingAdded)).toHaveProperty('refused')
    }),
  )
})
