import type { Clock } from '#core'
import { alertIdOfToken, signAlertToken } from './alert-token.ts'
import { buildBacklink } from './build-backlink.ts'

export interface AlertLink {
  /** The page of the alert. */
  readonly link: string
  /** The same wrapped with title and description (requirement L1). */
  readonly backlink_url: string
}

export interface AlertLinks {
  linkOf(alert: { readonly id: string; readonly title: string; readonly message: string }): AlertLink
  /** The alert that a token of `/a/{token}` shows, if it shows one. */
  alertIdOf(token: string): string | undefined
}

/**
 * Links to alerts. On our own page (`backlinkBaseUrl` below `publicUrl`) the link carries a token that opens it; a foreign
 * page gets the address that needs a login, never a token.
 */
export function createAlertLinks(options: {
  /** Origin, and path if any, under which people reach this service; without a slash at its end. */
  publicUrl: string
  backlinkBaseUrl: string
  /** 32 bytes, see `deriveLinkKey`. */
  linkKey: Buffer
  clock: Pick<Clock, 'now'>
}): AlertLinks {
  const { publicUrl, backlinkBaseUrl, linkKey, clock } = options
  const isOurPage = new URL(backlinkBaseUrl).origin === new URL(publicUrl).origin
  return {
    linkOf({ id, title, message }) {
      const path = isOurPage ? `/a/${signAlertToken(linkKey, id, clock.now())}` : `/alerts/${id}`
      const link = `${publicUrl}${path}`
      return { link, backlink_url: buildBacklink({ base: backlinkBaseUrl, title, description: message, link }) }
    },
    alertIdOf: (token) => alertIdOfToken(linkKey, token, clock.now()),
  }
}
