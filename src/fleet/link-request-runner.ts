import { isDeepStrictEqual } from 'node:util'
import { type Browsed, type Connector, parseTarget, type Registry, type Target } from '#connector'
import { BakewireError, type Clock, type ErrorCode, type Log, limits, type Reading, toBakewireError } from '#core'
import { type ConnectionTest, type Session, tryConnection } from '#session'
import type { ClaimedLinkRequest, LinkRequestStore } from '#store'
import { boundedFound } from './bounded-found.ts'
import { createTurns, type Turns } from './create-turns.ts'
import type { EquipmentPoller } from './equipment-poller.ts'
import { linkRequestSchemas, type MachineRequest } from './link-request-schemas.ts'
import type { Links } from './links.ts'
import type { WriteOutcome } from './write-outcome.ts'

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
  /** Settles when what is announced of a shard's machines is known here. */
  readonly loaded: (shard: number) => Promise<void>
}

/** What is left for an answer on its way to whoever waits for it. */
const answeringMs = 2_000

/** Runs the link requests of a shard that this worker holds, each on the shared link of its machine. */
export function createLinkRequestRunner(options: LinkRequestRunnerOptions): (shard: number) => Promise<void> {
  const { instanceId, requests, log } = options
  const running = { ...options, tests: createTurns(), browses: createTurns() }
  return async (shard) => {
    const claimed = await requests.claim(shard, instanceId)
    await Promise.all(
      claimed.map(async (request) => {
        const answer = await answerOf(request, { ...running, shard })
        await requests
          .answer(request.id, answer)
          .catch((error: unknown) => log.warn({ err: error }, 'an answer could not be stored'))
      }),
    )
  }
}

interface Running extends LinkRequestRunnerOptions {
  readonly shard: number
  /** By machine and link: each may need the link with settings of its own, and closes it to the others. */
  readonly tests: Turns
  /** By link: what is heard or found meanwhile is in memory. */
  readonly browses: Turns
}

type Result = ConnectionTest | Reading | Browsed | readonly WriteOutcome[]
type Run = (request: unknown, running: Running, signal: AbortSignal) => Promise<Result>

const runs: Record<ClaimedLinkRequest['kind'], Run> = {
  test: runTest,
  read: runRead,
  browse: runBrowse,
  write: runWrite,
}

async function answerOf({ kind, leftMs, open }: ClaimedLinkRequest, running: Running): Promise<LinkAnswer<Result>> {
  try {
    const signal = AbortSignal.timeout(Math.max(0, Math.floor(leftMs) - answeringMs))
    return { result: await runs[kind](open(), running, signal) }
  } catch (thrown) {
    const { code, message } = toBakewireError(thrown, 'running a link request')
    if (code === 'INTERNAL') running.log.error({ kind, err: thrown }, 'a link request failed unexpectedly')
    return { error: { code, message } }
  }
}

async function runTest(request: unknown, running: Running): Promise<ConnectionTest> {
  const { clock, tests } = running
  const { connector, target } = machineOf(linkRequestSchemas.test.parse(request), running, 'points')
  const voidAt = clock.monotonic() + limits.linkRequestLifetimeMs
  return tests.run(turnOf(target.equipmentId, connector.linkKey(target)), async () => {
    if (clock.monotonic() > voidAt) throw new BakewireError('OVERLOADED', 'other tests of this machine took too long')
    return withoutItsPolls(connector, target, running, (session) =>
      tryConnection(session, connector, target, clock.now()),
    )
  })
}

async function runRead(request: unknown, running: Running): Promise<Reading> {
  const { equipmentId } = linkRequestSchemas.read.parse(request)
  return whenFree(equipmentId, running, (poller) => poller.readNow())
}

/** Runs beside the machine's own polls, unless it needs their link with other settings. */
async function runBrowse(request: unknown, running: Running, signal: AbortSignal): Promise<Browsed> {
  const { at, cursor, limit, seconds, ...machine } = linkRequestSchemas.browse.parse(request)
  const { connector, target } = machineOf(machine, running, 'no points')
  const linkKey = connector.linkKey(target)
  const browse = async (session: Session) =>
    boundedFound(await session.browse(target, { at, cursor, limit, seconds }, signal), limit)
  return running.browses.run(linkKey, () => {
    if (isPolledLikewise(connector, target, running)) return withShare(connector, target, running, browse)
    return running.tests.run(turnOf(target.equipmentId, linkKey), () =>
      withoutItsPolls(connector, target, running, browse),
    )
  })
}

async function runWrite(request: unknown, running: Running, signal: AbortSignal): Promise<readonly WriteOutcome[]> {
  const { equipmentId, values } = linkRequestSchemas.write.parse(request)
  return whenFree(equipmentId, running, (poller) => poller.write(values, signal))
}

function machineOf(
  { equipmentId, protocol, configuration }: MachineRequest,
  { registry }: Running,
  wanted: Parameters<typeof parseTarget>[3],
) {
  const { connector } = registry.resolve(protocol)
  return { connector, target: parseTarget(connector, equipmentId, configuration, wanted) }
}

/** Uses the poller of a machine once no test has its link: at once then, so that the next test waits for it. Throws UNAVAILABLE. */
async function whenFree<T>(
  equipmentId: string,
  { pollerOf, tests, loaded, shard }: Running,
  use: (poller: EquipmentPoller) => Promise<T>,
): Promise<T> {
  // It may have been configured a moment ago.
  if (!pollerOf(equipmentId)) await loaded(shard)
  await tests.ended(turnOf(equipmentId, pollerOf(equipmentId)?.linkKey ?? ''))
  const poller = pollerOf(equipmentId)
  if (!poller) throw new BakewireError('UNAVAILABLE', 'the machine is not polled at the moment')
  return use(poller)
}

function isPolledLikewise(connector: Connector, target: Target, { pollerOf }: Running): boolean {
  const own = pollerOf(target.equipmentId)
  if (own?.linkKey !== connector.linkKey(target)) return false
  return isDeepStrictEqual(connector.linkSettings(own.target), connector.linkSettings(target))
}

/** A machine's own polls stand back where a request may need their link with other settings. */
async function withoutItsPolls<T>(
  connector: Connector,
  target: Target,
  running: Running,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  const own = running.pollerOf(target.equipmentId)
  const poller = own?.linkKey === connector.linkKey(target) ? own : undefined
  await poller?.pause()
  try {
    return await withShare(connector, target, running, use)
  } finally {
    poller?.resume()
  }
}

async function withShare<T>(
  connector: Connector,
  target: Target,
  { links }: Running,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  const share = links.share(connector, target)
  try {
    return await use(share.session())
  } finally {
    await share.release()
  }
}

function turnOf(equipmentId: string, linkKey: string): string {
  return `${equipmentId} ${linkKey}`
}
