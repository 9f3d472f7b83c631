import type { ErrorCode } from '#core'
import type { Stage } from './definition.ts'

const ask = {
  network: 'whoever looks after the network',
  operator: 'whoever runs Bakewire',
  maker: "the machine's maker or installer",
} as const

const noPlace =
  "Many machines serve a few programs only: close others that are connected to it (the maker's software, a second controller), wait some minutes for connections that were given up, or switch the machine off and on. Check the port too."

/** What to do about an error at any stage. */
const byCode: Partial<Record<ErrorCode, string>> = {
  CONFIG_INVALID: 'Correct the field that is named, and test again.',
  LINK_CONFLICT:
    'Give this machine the same connection settings as the other one behind the same address, or change both.',
  ADDRESS_REFUSED: `Give the address that the machine has in the bakery's own network. If the address is right, ask ${ask.operator} to allow it (EGRESS_ALLOW).`,
  ADDRESS_UNRESOLVED: `Check the spelling of the name, or give the machine's IP address from its network menu. Ask ${ask.network} whether the name is known there.`,
  UNREACHABLE: `Is the machine switched on, and its network cable plugged in? Compare address and port with its network menu. If both are right, ask ${ask.network} whether a firewall is in between, and ${ask.maker} whether this interface has to be switched on.`,
  LINK_LOST: `Many machines take one connection only: close other programs that are connected to it (the maker's software, a second controller), or switch the machine off and on.`,
  TLS_FAILED: `Check that the port is the one for encrypted connections, and that the machine trusts Bakewire's certificate where it asks for one. Old machines may need an update from ${ask.maker}.`,
  CERTIFICATE_REJECTED: `If this is the first connection, let somebody who knows the machine compare the certificate with what it shows, and trust it. If it worked before and nobody has serviced the machine, trust nothing and tell ${ask.network}. If its time is over or has not begun, set the clock of the machine, or have ${ask.maker} give it a new one.`,
  CREDENTIALS_REJECTED: `Enter user name and password, or the key, again, as ${ask.maker} gave them. Do not try many times: machines and clouds lock accounts.`,
  PROTOCOL_VIOLATED:
    'Something answers, but not as this kind of machine does: check the address, the port and the protocol.',
  POINT_REFUSED:
    "The machine does not have this value: check the point against the machine's documentation, or choose the profile of its exact model.",
  VALUE_INVALID:
    'The machine answers, but with no usable measurement: look for a broken or unplugged sensor, then check type, scale, unit and words of the point.',
  DEVICE_BUSY:
    'Wait a minute and test again. If it stays, look whether the machine shows an error, and switch it off and on.',
  OVERLOADED: 'Wait a minute and test again.',
  UNAVAILABLE: `Wait a minute and test again. If it stays, tell ${ask.operator}: a part of Bakewire is not running.`,
  INTERNAL: `Tell ${ask.operator}: this is a fault of Bakewire, and its log says more.`,
}

/** Where the same error means something else at a certain stage. */
const byStage: Partial<Record<Stage, Partial<Record<ErrorCode, string>>>> = {
  reachable: {
    TIMED_OUT: `Nothing answers at this address. Is the machine switched on, and in this network? If it is, ask ${ask.network} whether a firewall swallows the connection.`,
  },
  slot: {
    DEVICE_BUSY: noPlace,
    TIMED_OUT: `The machine takes the connection, but does not begin to speak. ${noPlace}`,
  },
  login: { DEVICE_BUSY: noPlace, TIMED_OUT: `The machine does not answer the login. ${noPlace}` },
  read: {
    UNREACHABLE:
      'What we are connected to answers, the machine behind it does not: check that it is switched on, its cable to the gateway, and its number or name in the configuration.',
    TIMED_OUT: `The machine takes the connection but does not answer. Check its unit number or name in the configuration, give it a longer time-out, and switch it off and on; ask ${ask.maker} whether this interface has to be switched on.`,
    LINK_LOST:
      'The machine ends the connection instead of answering: check unit number and points, and whether another program uses the machine.',
  },
}

/** About values that no such machine can have. */
export const adviceOnStrangeValues =
  'The connection works, but a value is not of this world: compare it with the display of the machine, then check register or name, scale, word order and unit of the point.'

/** What somebody who is no engineer can do, or pass on, about a failed stage of a connection test. */
export function adviceOn(stage: Stage, code: ErrorCode): string {
  return byStage[stage]?.[code] ?? byCode[code] ?? 'Wait a minute and test again.'
}
