import { type ClientRequest, get, type IncomingMessage } from 'node:http'

export interface StreamEvent {
  readonly id: string
  readonly event: string
  // biome-ignore lint/suspicious/noExplicitAny: tests look into events of every shape
  readonly data: any
}

export interface EventStream {
  readonly events: readonly StreamEvent[]
  /** The id to go on with, also before the first event. */
  readonly lastEventId: () => string
  readonly response: IncomingMessage
  readonly hasEnded: () => boolean
  close(): void
}

/** Reads server-sent events as a browser does (HTML Living Standard, 9.2.6). */
export async function followStream(
  url: string,
  { key, lastEventId }: { key: string; lastEventId?: string },
): Promise<EventStream> {
  const headers = {
    authorization: `Bearer ${key}`,
    ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
  }
  let request: ClientRequest | undefined
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request = get(url, { headers, agent: false }, resolve).once('error', reject)
  })
  request?.on('error', () => undefined)
  const events: StreamEvent[] = []
  let id = ''
  let ended = false
  let text = ''
  response.setEncoding('utf8').on('data', (chunk: string) => {
    const blocks = (text + chunk).split('\n\n')
    text = blocks.pop() ?? ''
    for (const block of blocks) {
      const field = (name: string) => new RegExp(`^${name}: ?(.*)$`, 'm').exec(block)?.[1]
      id = field('id') ?? id
      const data = field('data')
      if (data !== undefined) events.push({ id, event: field('event') ?? 'message', data: JSON.parse(data) })
    }
  })
  response.once('close', () => {
    ended = true
  })
  response.once('error', () => undefined)
  return {
    events,
    lastEventId: () => id,
    response,
    hasEnded: () => ended,
    close: () => request?.destroy(),
  }
}
