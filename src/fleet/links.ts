import { isDeepStrictEqual } from 'node:util'
import type { Connector, Dial, Target } from '#connector'
import { BakewireError, type Clock, type Log, withFields } from '#core'
import { createOpeningPace, createSession, type Session } from '#session'
import type { CertificateStore, LinkMemoryStore } from '#store'
import { createLinkMemories } from './link-memories.ts'
import { createTrust } from './trust.ts'

/** A machine's share of a link. */
export interface LinkShare {
  /** The link's session, opened anew if it was last used with other link settings of the same machine. Throws LINK_CONFLICT when other machines use it with other settings, LINK_LOST once released. */
  session(): Session
  /** How long the link will not be dialled because opening has failed. */
  restMs(): number
  /** Closes the link when nobody else shares it. */
  release(): Promise<void>
}

/** `resting`: not dialled for a while because opening has failed. `closed`: not dialled yet, being dialled, or lost a moment ago. */
export type LinkState = 'open' | 'resting' | 'closed'

/** The links of this worker by link key: never two to the same key. */
export interface Links {
  share(connector: Connector, target: Target): LinkShare
  readonly size: number
  states(): { readonly connector: string; readonly state: LinkState }[]
  close(): Promise<void>
}

interface Link {
  readonly connector: string
  session: Session
  settings: Readonly<Record<string, unknown>>
  /** Equipment ids, one for each share. */
  readonly users: string[]
}

export function createLinks(options: {
  readonly dial: Dial
  readonly clock: Clock
  readonly log: Log
  readonly linkMemory: LinkMemoryStore
  readonly certificates: Pick<CertificateStore, 'see' | 'own'>
  readonly onOpening?: (connectorId: string, result: 'opened' | 'failed') => void
}): Links {
  const { dial, clock, log, onOpening } = options
  const memories = createLinkMemories(options.linkMemory)
  const trust = createTrust(options)
  const pace = createOpeningPace(clock)
  const links = new Map<string, Link>()

  const openSession = (key: string, connector: Connector): Session => {
    const linkLog = withFields(log, { connector: connector.id, link: linkInLog(key) })
    return createSession({
      connector,
      dial,
      clock,
      log: linkLog,
      memory: memories.of(key, linkLog),
      trust,
      pace,
      onOpening: onOpening && ((result) => onOpening(connector.id, result)),
    })
  }

  const linkOf = (key: string, connector: Connector, settings: Link['settings']): Link => {
    const known = links.get(key)
    if (known) return known
    const made: Link = { connector: connector.id, session: openSession(key, connector), settings, users: [] }
    links.set(key, made)
    return made
  }

  return {
    share(connector, target) {
      const key = connector.linkKey(target)
      const settings = connector.linkSettings(target)
      const link = linkOf(key, connector, settings)
      link.users.push(target.equipmentId)
      // What failed under an earlier configuration tells nothing about this one.
      link.session.retryNow()
      let released = false
      return {
        session() {
          if (released) throw new BakewireError('LINK_LOST', 'the link was given up')
          if (isDeepStrictEqual(link.settings, settings)) return link.session
          if (link.users.some((user) => user !== target.equipmentId)) {
            const names = differingNames(link.settings, settings).join(', ')
            throw new BakewireError(
              'LINK_CONFLICT',
              `${linkInLog(key)} is in use by another machine with another ${names}`,
            )
          }
          void link.session.close()
          link.session = openSession(key, connector)
          link.settings = settings
          return link.session
        },
        restMs: () => (released ? 0 : link.session.restMs(target)),
        async release() {
          if (released) return
          released = true
          link.users.splice(link.users.indexOf(target.equipmentId), 1)
          if (link.users.length > 0) return
          if (links.get(key) === link) links.delete(key)
          await link.session.close()
          // Whoever takes the link over reads it: it must be stored by then.
          if (!links.has(key)) await memories.settled(key)
        },
      }
    },
    get size() {
      return links.size
    },
    states: () => [...links.values()].map(({ connector, session }) => ({ connector, state: stateOf(session) })),
    async close() {
      await Promise.all([...links.values()].map((link) => link.session.close()))
      await Promise.all([...links.keys()].map((key) => memories.settled(key)))
      links.clear()
      memories.stop()
    },
  }
}

/** Behind the # a key names the user, who is nobody's business. */
export function linkInLog(key: string): string {
  return key.replace(/#.*/, '')
}

/** Names of settings, never their values: they may be secret. */
function differingNames(left: Link['settings'], right: Link['settings']): string[] {
  const names = new Set([...Object.keys(left), ...Object.keys(right)])
  return [...names].filter((name) => !isDeepStrictEqual(left[name], right[name]))
}

function stateOf(session: Session): LinkState {
  if (session.isOpen()) return 'open'
  return session.restMs() > 0 ? 'resting' : 'closed'
}
