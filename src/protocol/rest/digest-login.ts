import { randomBytes } from 'node:crypto'
import { type DigestDemand, digestAuthorization, digestDemand, type HttpAnswer, parseChallenges } from '#protocol/http'
import type { RestTarget } from './schemas.ts'

/** What a link knows of the digest that its machine demands. One nonce serves many requests, so that a poll costs one. */
export interface DigestLogin {
  /** The header for the next request; undefined while nothing was demanded. */
  answer(target: RestTarget, path: string): DigestAnswer | undefined
  /** Looks at the answer to a request that `sent` was part of. Whether to send it once more, with another header. */
  demands(answer: HttpAnswer, sent: DigestAnswer | undefined): 'again' | 'nothing' | 'something else'
}

export interface DigestAnswer {
  readonly authorization: string
  readonly nonce: Nonce
}

interface Nonce {
  readonly demand: DigestDemand
  readonly cnonce: string
  count: number
  /** A machine that has taken it once means its age when it demands another. */
  wasTaken: boolean
}

export function createDigestLogin(): DigestLogin {
  let known: Nonce | undefined
  return {
    answer({ credentials }, path) {
      if (!known) return undefined
      const { username = '', password = '' } = credentials
      known.count += 1
      const { demand, cnonce, count } = known
      const request = { username, password, method: 'GET', path, cnonce, count }
      return { authorization: digestAuthorization(demand, request), nonce: known }
    },
    demands({ status, headers }, sent) {
      if (status !== 401) {
        if (sent) sent.nonce.wasTaken = true
        return 'nothing'
      }
      const demand = digestDemand(parseChallenges(headers.get('www-authenticate')))
      if (!demand) return 'something else'
      // Four requests may be told at once that their nonce is old: the first has a new one already.
      if (known?.demand.nonce !== demand.nonce) {
        known = { demand, cnonce: randomBytes(16).toString('hex'), count: 0, wasTaken: false }
      }
      const isRefused = sent !== undefined && !sent.nonce.wasTaken && !demand.isStale
      return isRefused ? 'nothing' : 'again'
    },
  }
}
