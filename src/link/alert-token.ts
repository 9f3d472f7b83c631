import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import { limits } from '#core'

const version = 1
/** What the token is good for: seeing one alert. */
const purposeView = 1

const dayMs = 86_400_000
const idBytes = 16
const payloadBytes = 2 + idBytes + 2
const macBytes = 16
/** 36 bytes are 48 characters without a spare bit. */
const tokenPattern = /^[A-Za-z0-9_-]{48}$/

/** The key of alert links, from a key of the key ring. Nobody who has a link can tell anything of that key. */
export function deriveLinkKey(ringKey: Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', ringKey, '', 'bakewire alert link v1', 32))
}

/**
 * A token that shows one alert and does nothing else: version, purpose, alert id, last day, and 128 bits of HMAC-SHA256.
 * The same alert has the same token for a day.
 */
export function signAlertToken(linkKey: Buffer, alertId: string, now: number): string {
  const payload = Buffer.alloc(payloadBytes)
  payload.writeUInt8(version, 0)
  payload.writeUInt8(purposeView, 1)
  Buffer.from(alertId.replaceAll('-', ''), 'hex').copy(payload, 2)
  payload.writeUInt16BE(Math.floor((now + limits.alertTokenLifetimeMs) / dayMs), 2 + idBytes)
  return Buffer.concat([payload, macOf(linkKey, payload)]).toString('base64url')
}

/** The alert that a token shows. Whatever is wrong with a token, the answer is the same: none. */
export function alertIdOfToken(linkKey: Buffer, token: string, now: number): string | undefined {
  if (!tokenPattern.test(token)) return undefined
  const bytes = Buffer.from(token, 'base64url')
  const payload = bytes.subarray(0, payloadBytes)
  const isOurs = timingSafeEqual(bytes.subarray(payloadBytes), macOf(linkKey, payload))
  const isForThis = payload[0] === version && payload[1] === purposeView
  const lastDay = payload.readUInt16BE(2 + idBytes)
  const isCurrent = Math.floor(now / dayMs) <= lastDay
  return isOurs && isForThis && isCurrent ? uuidOf(payload.subarray(2, 2 + idBytes)) : undefined
}

function macOf(linkKey: Buffer, payload: Buffer): Buffer {
  return createHmac('sha256', linkKey).update(payload).digest().subarray(0, macBytes)
}

function uuidOf(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
