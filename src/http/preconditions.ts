import type { FastifyInstance, FastifyRequest } from 'fastify'
import { BakewireError } from '#core'
import type { AlertRuleRow, Batch, ChannelRecord, EquipmentRow, StateCheck } from '#store'
import { faultAt } from './fault-at.ts'

/**
 * Entity tags stand for what is configured. The status of a connection, which moves with every poll, is no part of them, and
 * yet they are strong: with a weak one If-Match would never hold (RFC 9110, section 13.1.1).
 */
export const tagOf = {
  equipment: ({ config_revision }: EquipmentRow) => `"${config_revision}"`,
  /** A machine that is not configured has no configuration that a tag could name. */
  configuration: ({ config_revision, link_key }: EquipmentRow) => (link_key === null ? null : `"${config_revision}"`),
  rule: ({ revision }: AlertRuleRow) => `"${revision}"`,
  /** A batch changes, too, when one of its machines is deleted. */
  batch: ({ revision, equipment_ids }: Batch) => `"${revision}.${equipment_ids.length}"`,
  channel: ({ revision }: ChannelRecord) => `"${revision}"`,
} as const

/**
 * What If-Match and If-None-Match of a request that changes something ask for, to be checked in the moment of the change.
 * The check throws PRECONDITION_FAILED. Throws REQUEST_MALFORMED for headers that cannot be read.
 */
export function stateAskedFor<Row>(
  { headers }: Pick<FastifyRequest, 'headers'>,
  tagOfRow: (row: Row) => string | null,
): StateCheck<Row> {
  const wanted = tagsIn('If-Match', headers['if-match'])
  const unwanted = tagsIn('If-None-Match', headers['if-none-match'])
  return (row) => {
    const tag = tagOfRow(row)
    if (wanted && !isAmong(tag, wanted)) {
      throw new BakewireError('PRECONDITION_FAILED', 'If-Match: it is not as it was when it was read; read it again')
    }
    if (unwanted && isAmong(tag, unwanted.map(strong))) {
      throw new BakewireError('PRECONDITION_FAILED', 'If-None-Match: there is just what should not be there')
    }
  }
}

/** Answers 304 where a GET names the tag of what it would be shown (RFC 9110, section 13.1.2). */
export function answerUnchanged(app: FastifyInstance): void {
  app.addHook('onSend', async ({ method, headers, routeOptions }, reply, payload) => {
    const tag = reply.getHeader('etag')
    if (routeOptions.config.conditional !== 'shown' || reply.statusCode !== 200 || typeof tag !== 'string')
      return payload
    if (method !== 'GET' && method !== 'HEAD') return payload
    const known = tagsIn('If-None-Match', headers['if-none-match'])
    if (!known || !isAmong(tag, known.map(strong))) return payload
    reply.code(304).removeHeader('content-type').removeHeader('content-length')
    // Of a HEAD the framework still measures the body that it does not send.
    return method === 'HEAD' ? payload : null
  })
}

const oneTag = String.raw`(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"`
const anyTag = new RegExp(oneTag, 'g')
/** RFC 9110, section 5.6.1: a list may have empty places. */
const tagList = new RegExp(`^[ \\t,]*${oneTag}(?:[ \\t]*,[ \\t,]*${oneTag})*[ \\t,]*$`)

/** `*` or the tags of a list; nothing without the header. */
function tagsIn(name: string, given: string | string[] | undefined): readonly string[] | undefined {
  if (given === undefined) return undefined
  const text = String(given).trim()
  if (text === '*') return ['*']
  if (tagList.test(text)) return text.match(anyTag) ?? []
  throw faultAt('REQUEST_MALFORMED', name, 'must be * or tags in quotes, separated by commas')
}

/** As it is compared where it does not matter whether it is weak. */
function strong(tag: string): string {
  return tag.replace(/^W\//, '')
}

function isAmong(tag: string | null, tags: readonly string[]): boolean {
  return tag !== null && (tags.includes('*') || tags.includes(tag))
}
