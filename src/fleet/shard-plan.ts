import { parseTarget, type Registry } from '#connector'
import {
  type Clock,
  type ConnectionStatus,
  createPollTimes,
  type EquipmentType,
  type Gap,
  type Log,
  type Reading,
  toBakewireError,
} from '#core'
import type { ConnectionState } from '#session'
import type { ConnectionEvent, EquipmentStore, GapStart, GapStore, ReadingStore } from '#store'
import { type EquipmentPoller, type PollEvents, type PollReport, startEquipmentPoller } from './equipment-poller.ts'
import { afterEvent, type GapEvent, type GapWatch } from './gap-watch.ts'
import { fingerprintOf, intervalOf, type KeptRow, keptOf, type Row } from './kept-row.ts'
import { type Links, linkInLog } from './links.ts'
import type { PollClock } from './poll-clock.ts'

/** A machine that this worker polls, as the alert engine needs to know it. */
export interface WatchedEquipment {
  readonly id: string
  readonly name: string
  readonly type: EquipmentType
  readonly shard: number
  /** Transitions of this machine are valid under this epoch of its shard only. */
  readonly epoch: number
  readonly intervalMs: number
}

/** A machine as its poller knows it, with what it last answered: newer than the database has it. */
export interface PolledNow {
  readonly machine: KeptRow
  readonly reading: Reading
}

export interface ShardPlanOptions {
  readonly registry: Registry
  readonly equipment: EquipmentStore
  readonly readings: Pick<ReadingStore, 'lastBefore'>
  readonly gaps: Pick<GapStore, 'begin'>
  readonly links: Links
  readonly pollClock: PollClock
  readonly clock: Clock
  readonly log: Log
  readonly onReading: PollEvents['onReading']
  readonly onHeard: PollEvents['onHeard']
  readonly onPoll: PollEvents['onPoll']
  readonly onConnection: (event: ConnectionEvent) => void
  readonly onGap: (gap: Gap) => void
  readonly onWatched: (equipment: WatchedEquipment) => void
  readonly onForgotten: (equipmentId: string) => void
}

/** The machines of one shard that this worker holds. */
export interface ShardPlan {
  readonly size: number
  statuses(): { readonly connector: string; readonly status: ConnectionStatus }[]
  has(equipmentId: string): boolean
  poller(equipmentId: string): EquipmentPoller | undefined
  /** `undefined` for a machine that has not answered yet. */
  polled(equipmentId: string): PolledNow | undefined
  /** Brings the pollers in step with the stored configurations; touches only machines whose configuration changed. */
  load(epoch: number): Promise<void>
  /** The next loading begins with every machine anew, by what the database knows of it then; their links stay open. */
  beginAnew(): void
  /** Opens gaps that have become long enough meanwhile. */
  lookForGaps(): void
  stop(): Promise<void>
}

/** What a machine may still take to answer when its shard moves or the worker stops: what it served is then stored. */
const drainMs = 1_000

interface Member {
  row: KeptRow
  /** `unknown` when the configuration names none that is there. */
  readonly connector: string
  /** Of everything that polling depends on. */
  fingerprint: string
  /** `undefined` when the configuration cannot be used; the record says why. */
  readonly poller: EquipmentPoller | undefined
  /** What was last told of its connection, `undefined` before its first poll. */
  told: ConnectionEvent | undefined
  readonly gaps: { readonly note: (event: GapEvent) => void }
}

export function createShardPlan(shard: number, options: ShardPlanOptions): ShardPlan {
  const { registry, equipment, links, pollClock, clock, log } = options
  const members = new Map<string, Member>()
  let stopped = false
  /** What is told of connections is valid under this epoch of the shard only. */
  let epoch = 0

  const start = (
    row: Row,
    credentials: () => Record<string, unknown>,
    standing: GapStart | undefined,
  ): Omit<Member, 'fingerprint'> => {
    // What is told later holds on to the id alone.
    const { id } = row
    let connectorId = 'unknown'
    const times = row.poll_cron ? createPollTimes(row.poll_cron) : undefined
    const since = standing?.since ?? clock.now()
    const gaps = watchGaps(row, { times, since, isOpen: standing?.isOpen ?? false })
    try {
      const { connector } = registry.resolve(row.iot_protocol)
      connectorId = connector.id
      const target = parseTarget(connector, row.id, {
        endpoint: row.iot_endpoint,
        port: row.iot_port,
        credentials: credentials(),
        additional_config: row.iot_config ?? {},
      })
      const events: PollEvents = {
        onReading: (reading) => {
          options.onReading(reading)
          gaps.note({ kind: 'read', at: reading.readingTime })
        },
        onHeard: options.onHeard,
        onPoll: (connector, report) => {
          options.onPoll(connector, report)
          const { result, code } = report
          if (result === 'failed' && code) gaps.note({ kind: 'failed', at: clock.now(), code })
        },
        onBackfill: (readings) => {
          log.info({ equipment_id: id, readings: readings.length }, 'what the machine had kept is filled in')
          for (const reading of readings) options.onReading(reading)
        },
        onBackfillFailure: (err) => log.warn({ equipment_id: id, err }, 'what the machine had kept is not known'),
        onStateChange: (poller, state, report) => tell(id, poller, state, report),
      }
      const share = links.share(connector, target)
      const intervalMs = intervalOf(row)
      const { lastBefore } = options.readings
      const poller = startEquipmentPoller({
        connector,
        target,
        type: row.type,
        intervalMs,
        times,
        since,
        share,
        pollClock,
        clock,
        events,
        lastBefore,
      })
      return { row: keptOf(row), connector: connectorId, poller, told: undefined, gaps }
    } catch (thrown) {
      const { code, message } = toBakewireError(thrown, 'preparing the configuration')
      log.warn({ equipment_id: row.id, code, reason: message }, 'machine cannot be polled')
      const told = eventOf(row, { status: 'error', failures: 1, fault: { code, message } })
      options.onConnection(told)
      gaps.note({ kind: 'failed', at: clock.now(), code })
      return { row: keptOf(row), connector: connectorId, poller: undefined, told, gaps }
    }
  }

  const watchGaps = (row: Row, begin: Pick<GapWatch, 'times' | 'since' | 'isOpen'>): Member['gaps'] => {
    let watch: GapWatch = {
      equipmentId: row.id,
      endpoint: row.iot_endpoint,
      intervalMs: intervalOf(row),
      ...begin,
      begunAt: clock.now(),
      failure: undefined,
    }
    return {
      note(event) {
        const step = afterEvent(watch, event)
        watch = step.watch
        if (step.gap) options.onGap(step.gap)
      },
    }
  }

  /** Polling does not wait for a database that cannot say: a gap that is open then ends when polling begins the next time. */
  const standings = (ids: readonly string[]): Promise<Map<string, GapStart>> =>
    options.gaps.begin(ids).catch((err: unknown) => {
      log.warn({ shard, err }, 'gaps before now are not known')
      return new Map()
    })

  const tell = (id: string, poller: EquipmentPoller, state: ConnectionState, report: PollReport) => {
    const member = members.get(id)
    if (!member || member.poller !== poller) return
    const { status, fault } = state
    const fields = {
      equipment_id: id,
      name: member.row.name,
      link: linkInLog(poller.linkKey),
      status,
      reason: fault?.message,
    }
    // The same trouble for another reason is in the connection log: a machine that is off for hours is one line here.
    if (member.told?.status === status) log.debug(fields, `machine still ${status}`)
    else if (status === 'error') log.warn(fields, 'machine needs somebody to look after it')
    else log.info(fields, `machine ${status}`)
    const reading = poller.lastReading()
    member.told = {
      ...eventOf(member.row, state),
      responseTimeMs: report.responseTimeMs,
      dataPoints: report.dataPoints,
      lastConnected: reading ? new Date(reading.readingTime) : null,
    }
    options.onConnection(member.told)
  }

  /** Polling goes on as it was, but the record was written anew or another worker held the shard: what it said of the connection may be gone, and what was on its way to it is void. */
  const revise = (member: Member, row: Row) => {
    member.row = keptOf(row)
    const { told } = member
    if (!told || (told.configRevision === row.config_revision && told.epoch === epoch)) return
    if (told.status === row.iot_connection_status && told.fault?.code === row.iot_connection_error?.code) return
    member.told = { ...told, configRevision: row.config_revision, epoch, at: new Date(clock.now()) }
    options.onConnection(member.told)
  }

  const remove = async (id: string, member: Member, drainMs = 0) => {
    await member.poller?.stop(drainMs)
    members.delete(id)
    options.onForgotten(id)
  }

  const eventOf = (row: KeptRow, { status, fault }: ConnectionState): ConnectionEvent => ({
    equipmentId: row.id,
    configRevision: row.config_revision,
    shard,
    epoch,
    eventType: status === 'connecting' ? 'disconnected' : status,
    status,
    at: new Date(clock.now()),
    fault,
    responseTimeMs: null,
    dataPoints: null,
    lastConnected: null,
  })

  return {
    get size() {
      return members.size
    },
    statuses: () =>
      [...members.values()].map(({ connector, told }) => ({ connector, status: told?.status ?? 'connecting' })),
    has: (equipmentId) => members.has(equipmentId),
    poller: (equipmentId) => members.get(equipmentId)?.poller,
    polled(equipmentId) {
      const { row, told, poller } = members.get(equipmentId) ?? {}
      const reading = poller?.lastReading()
      if (!row || !reading) return undefined
      const iot_connection_status = told?.status ?? row.iot_connection_status
      return { machine: { ...row, iot_connection_status }, reading }
    },
    async load(raised) {
      epoch = raised
      const plan = await equipment.planOf(shard)
      if (stopped) return
      const wanted = new Set(plan.map(({ row }) => row.id))
      const leaving = [...members].filter(([id]) => !wanted.has(id))
      const replaced: Promise<void>[] = leaving.map(([id, member]) => remove(id, member))
      const isNew = ({ row }: { row: Row }) => members.get(row.id)?.fingerprint !== fingerprintOf(row)
      const fresh = plan.filter(isNew).map(({ row }) => row.id)
      const known = fresh.length > 0 ? await standings(fresh) : undefined
      if (stopped) return
      for (const { row, open } of plan) {
        const fingerprint = fingerprintOf(row)
        const before = members.get(row.id)
        if (before?.fingerprint === fingerprint) revise(before, row)
        // The new poller shares the link before the old one leaves it, so that an unchanged link stays open.
        else {
          members.set(row.id, { ...start(row, open, known?.get(row.id)), fingerprint })
          if (before?.poller) replaced.push(before.poller.stop())
        }
        options.onWatched({ id: row.id, name: row.name, type: row.type, shard, epoch, intervalMs: intervalOf(row) })
      }
      await Promise.all(replaced)
    },
    beginAnew() {
      for (const member of members.values()) member.fingerprint = ''
    },
    lookForGaps() {
      for (const { gaps } of members.values()) gaps.note({ kind: 'looked', at: clock.now() })
    },
    async stop() {
      stopped = true
      await Promise.all([...members].map(([id, member]) => remove(id, member, drainMs)))
    },
  }
}
