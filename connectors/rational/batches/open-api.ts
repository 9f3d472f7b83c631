import type { Kit, LinkTools } from '#connector'
import { type RestLink, type RestTarget, restParts } from '#protocol/rest'

/** The REST API of an account: connected when it is first asked, and again when that failed. */
export interface Api {
  readonly target: RestTarget
  readonly clock: LinkTools['clock']
  ask<T>(doing: (link: RestLink, asked: { target: RestTarget; signal: AbortSignal }) => Promise<T>): Promise<T>
  /** Ends what is under way. Safe twice. */
  close(): Promise<void>
}

export function openApi(kit: Kit, target: RestTarget, tools: LinkTools): Api {
  const parts = restParts(kit, 'rational')
  const closing = new AbortController()
  const { signal } = closing
  let opened: Promise<RestLink> | undefined

  const connected = (): Promise<RestLink> => {
    const opening = opened ?? parts.open(target, { ...tools, signal, reached: () => undefined })
    opened = opening
    opening.catch(() => {
      if (opened === opening) opened = undefined
    })
    return opening
  }

  return {
    target,
    clock: tools.clock,
    ask: async (doing) => doing(await connected(), { target, signal }),
    async close() {
      closing.abort()
      const link = await opened?.catch(() => undefined)
      if (link) await parts.close(link)
    },
  }
}
