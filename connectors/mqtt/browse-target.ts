import { setTimeout as sleep } from 'node:timers/promises'
import { BakewireError, type Browsed, type BrowseRequest, type Found } from '#connector'
import { browseFilterFault, loadSparkplugCodec, type MqttClient } from '#protocol/mqtt'
import { createCollector } from './collect-messages.ts'
import { proposePoints } from './propose-points.ts'
import type { MqttLink } from './read-target.ts'
import type { MqttTarget } from './schemas.ts'

/**
 * Listens to a topic filter (`at`, else everything but the broker's own) for so many seconds and tells what was said, with points
 * that would read it, in the order of their names; `cursor` is the last name. Nothing is sent to anybody. Throws POINT_REFUSED
 * where the account may not listen there, and what the connection throws before anything was heard.
 */
export async function browseTarget(link: MqttLink, request: BrowseRequest<MqttTarget>): Promise<Browsed> {
  const { target, at: filter = '#', cursor, limit, seconds, signal } = request
  const fault = browseFilterFault(filter)
  if (fault !== undefined) throw new BakewireError('CONFIG_INVALID', `at ${fault}`)
  const collector = createCollector(filter)
  const codec = await loadSparkplugCodec()
  let broken: BakewireError | undefined
  await link.connections.aside(target, { signal, onMessage: collector.hear }, async (client, either) => {
    try {
      const refused = await client.subscribe([filter], { qos: 0, signal: either })
      for (const error of refused.values()) throw error
      await passed(client, seconds, either)
    } catch (error) {
      either.throwIfAborted()
      if (!(error instanceof BakewireError)) throw error
      if (collector.messages.size === 0) throw notOfTheLink(error, filter)
      broken = error
    }
  })
  const found = [...proposePoints(collector.messages, codec), ...below(collector.more)]
  const after = cursor === undefined ? found : found.filter(({ name }) => name > cursor)
  const page = after.sort(byName).slice(0, limit)
  const last = after.length > page.length ? page.at(-1) : undefined
  if (last) return { found: page, cursor: last.name }
  return { found: broken ? [...page, { name: broken.message, kind: 'end of listening' }] : page }
}

/** The loss of this connection is none of the link, which goes on; brokers end one that asks for what it may not have. */
function notOfTheLink(error: BakewireError, filter: string): BakewireError {
  if (error.code !== 'LINK_LOST') return error
  const message = `${error.message} while it was listened to ${filter}: may this account read all of that?`
  return new BakewireError('POINT_REFUSED', message, { cause: error })
}

async function passed(client: MqttClient, seconds: number, signal: AbortSignal): Promise<void> {
  const listening = new AbortController()
  // It rejects when the connection ends sooner, which is told.
  const over = sleep(seconds * 1_000, undefined, { signal: listening.signal }).catch(() => undefined)
  await client.whileOpen(over, signal).finally(() => listening.abort())
}

function below(filters: ReadonlySet<string>): Found[] {
  return [...filters].map((at) => ({ name: at, kind: 'more topics', at }))
}

function byName(left: Found, right: Found): number {
  return left.name < right.name ? -1 : 1
}
