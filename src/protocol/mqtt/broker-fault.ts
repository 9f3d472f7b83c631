import { BakewireError, type ErrorCode } from '#core'

type Known = readonly [code: ErrorCode, words: string]

const elsewhere: Known = [
  'PROTOCOL_VIOLATED',
  'names another server to use, which is not followed: give the address of that one',
]
const notAllowed: Known = [
  'CREDENTIALS_REJECTED',
  'refuses the login: user name and password are missing or not allowed',
]
const wrongPassword: Known = ['CREDENTIALS_REJECTED', 'refuses the login: user name or password is wrong']
const clientId: Known = ['CREDENTIALS_REJECTED', 'refuses the login: it takes known client ids only']
const version: Known = ['PROTOCOL_VIOLATED', 'does not speak this version of MQTT: set version to the other one']
const unavailable: Known = ['DEVICE_BUSY', 'is not available at the moment']

/** Why a login was refused: MQTT 3.1.1, 3.2.2.3 (below 128) and MQTT 5, 3.2.2.2. */
const loginFaults: Readonly<Record<number, Known>> = {
  1: version,
  2: clientId,
  3: unavailable,
  4: wrongPassword,
  5: notAllowed,
  132: version,
  133: clientId,
  134: wrongPassword,
  135: notAllowed,
  136: unavailable,
  137: ['DEVICE_BUSY', 'is too busy at the moment'],
  138: ['CREDENTIALS_REJECTED', 'has banned this client'],
  139: unavailable,
  140: ['CREDENTIALS_REJECTED', 'refuses the login: it wants another kind of login'],
  151: ['DEVICE_BUSY', 'says that a quota is used up'],
  156: elsewhere,
  157: elsewhere,
  159: ['DEVICE_BUSY', 'is connected to too often'],
}

/** Why a broker ends a connection: MQTT 5, 3.14.2.1. */
const goodbyes: Readonly<Record<number, Known>> = {
  135: ['CREDENTIALS_REJECTED', 'has ended the connection: the account is no longer allowed'],
  139: ['LINK_LOST', 'is shutting down'],
  141: ['LINK_LOST', 'has ended the connection: it heard nothing for too long'],
  142: ['LINK_LOST', 'has ended the connection: another client logged in with the same client id'],
  152: ['LINK_LOST', 'has ended the connection on the order of its administrator'],
  156: elsewhere,
  157: elsewhere,
}

/** Why a message is not taken: MQTT 5, 3.4.2.1. */
const refusedMessages: Readonly<Record<number, string>> = {
  135: 'this account may not publish there',
  144: 'it takes no such topic',
  151: 'a quota is used up',
}

const refusedTopics: Readonly<Record<number, string>> = {
  135: 'this account may not read it',
  143: 'it takes no such topic',
  151: 'a quota is used up',
  162: 'it takes no wildcards',
}

/** `what` is the place, `mqtt://10.0.0.2:1883`. */
export function loginFault(what: string, code: number): BakewireError {
  const [errorCode, words] = loginFaults[code] ?? ['PROTOCOL_VIOLATED', 'refuses the login']
  return new BakewireError(errorCode, `${what} ${words} (code ${code})`)
}

export function goodbyeFault(what: string, code: number): BakewireError {
  const [errorCode, words] = goodbyes[code] ?? ['LINK_LOST', 'has ended the connection']
  return new BakewireError(errorCode, `${what} ${words} (code ${code})`)
}

/** Why a topic is not given to us: MQTT 3.1.1, 3.9.3 knows only 128, MQTT 5 more. */
export function topicFault(filter: string, code: number): BakewireError {
  const why = refusedTopics[code] ?? 'may this account read it?'
  return new BakewireError('POINT_REFUSED', `the broker refuses the topic ${filter}: ${why} (code ${code})`)
}

export function publishFault(topic: string, code: number): BakewireError {
  const why = refusedMessages[code] ?? 'may this account publish there?'
  return new BakewireError('POINT_REFUSED', `the broker refuses a message to ${topic}: ${why} (code ${code})`)
}
