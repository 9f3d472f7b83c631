import { z } from 'zod'
import { type Configuration, parseTarget, type Registry } from '#connector'
import { BakewireError, type Clock, type ErrorCode, type Log, limits, type Reading, toBakewireError } from '#core'
import { type ConnectionTest, tryConnection } from '#session'
import type { ClaimedLinkRequest, LinkRequestStore } from '#store'
import { createTurns, type Turns } from './create-turns.ts'
import type { EquipmentPoller } from './equipment-poller.ts'
import type { Links } from './links.ts'

/** What can be asked of the worker that holds a link, by kind. */
const linkRequestSchemas = {
  /** Try a configuration that need not be saved. */
  test: z.strictObject({
    equipmentId: z.string(),
    protocol: z.string(),
    configuration: z.strictObject({
      endpoint: z.string(),
      port: z.number(),
      credentials: z.record(z.string(), z.unknown()),
      additional_config: z.record(z.string(), z.unknown()),
    }),
  }),
  /** Read a configured machine now, out of turn. */
  read: z.strictObject({ equipmentId: z.string() }),
} as const

/** What comes back: the result of its kind, or why there is none. */
type LinkAnswer<T> = { readonly result: T } | { readonly error: { readonly code: ErrorCode; readonly message: string } }

export interface LinkRequestRunnerOptions {
  readonly instanceId: string
  readonly registry: Registry
  readonly requests: LinkRequestStore
  readonly links: Links
  readonly clock: Clock
  readonly log: Log
  readonly pollerOf: (equipmentId: string) => EquipmentPoller | undefined
}

/** Runs the link requests of a shard that this worker holds, each on the shared link of its machine. */
export function createLinkRequestRunner(options: LinkRequestRunnerOptions): (shard: number) => Promise<void> {
  const { instanceId, requests, log } = options
  const tests = createTurns()
  return async (shard) => {
    const claimed = await requests.claim(shard, instanceId)
    await Promise.all(
      claimed.map(async (request) => {
        const answer = await answerOf(request, { ...options, tests })
        await requests
          .answer(request.id, answer)
          .catch((error: unknown) => log.warn({ err: error }, 'an answer could not be stored'))
      }),
    )
  }
}

interface Running extends LinkRequestRunnerOptions {
  /** By machine and link: each may need the link with settings of its own, and closes it to the others. */
  readonly tests: Turns
}

async function answerOf(claimed: ClaimedLinkRequest, options: Running): Promise<LinkAnswer<ConnectionTest | Reading>> {
  try {
    return {
      result: claimed.kind === 'test' ? await runTest(claimed.open(), options) : await runRead(claimed.open(), options),
    }
  } catch (thrown) {
    const { code, message } = toBakewireError(thrown, 'running a link request')
    if (code === 'INTERNAL')
      options.log.error({ kind: claimed.kind, err: thrown }, 'a link request failed unexpectedly')
    return { error: { code, message } }
  }
}

async function runTest(
  request: unknown,
  { registry, links, clock, pollerOf, tests }: Running,
): Promise<ConnectionTest> {
  const { equipmentId, protocol, configuration } = linkRequestSchemas.test.parse(request)
  const { connector } = registry.resolve(protocol)
  const target = parseTarget(connector, equipmentId, configuration satisfies Configuration)
  const voidAt = clock.monotonic() + limits.linkRequestLifetimeMs
  const linkKey = connector.linkKey(target)
  return tests.run(turnOf(equipmentId, linkKey), async () => {
    if (clock.monotonic() > voidAt) throw new BakewireError('OVERLOADED', 'other tests of this machine took too long')
    const own = pollerOf(equipmentId)
    // Its own polls stand back where the test may need their link with other settings.
    const poller = own?.linkKey === linkKey ? own : undefined
    await poller?.pause()
    try {
      const share = links.share(connector, target)
      try {
        return await tryConnection(share.session(), connector, target, clock.now())
      } finally {
        await share.release()
      }
    } finally {
      poller?.resume()
    }
  })
}

async function runRead(request: unknown, { pollerOf, tests }: Running): Promise<Reading> {
  const { equipmentId } = linkRequestSchemas.read.parse(request)
  await tests.ended(turnOf(equipmentId, pollerOf(equipmentId)?.linkKey ?? ''))
  const poller = pollerOf(equipmentId)
  if (!poller) throw new BakewireError('UNAVAILABLE', 'the machine is not polled at the moment')
  return poller.readNow()
}

function turnOf(equipmentId: string, linkKey: string): string {
  return `${equipmentId} ${linkKey}`
}
