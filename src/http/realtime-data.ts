import { z } from 'zod'
import { type ConnectionStatus, connectionStatuses, createPollTimes, servedEarlyMs } from '#core'
import type { Batch, EquipmentRow, StoredReading } from '#store'
import { idText, timeText, wordOf } from './answer-fields.ts'
import { noValues, readingFields, readingRecord } from './reading-record.ts'

export const realtimeDataSchema = z
  .object({
    equipment_id: idText(),
    equipment_name: z.string(),
    timestamp: timeText().nullable().meta({ description: 'When the values were read; null when nothing ever was.' }),
    age_seconds: z.number().nullable(),
    stale: z.boolean().meta({
      description:
        'Older than 2.5 intervals, or two times of a `poll_cron` and half a wait; or the machine is not connected.',
    }),
    connection_status: z.enum(connectionStatuses),
    ...readingFields,
    active_batch_id: idText().nullable(),
    active_batch_name: z.string().nullable(),
  })
  .meta({
    id: 'RealtimeData',
    title: 'Realtime data',
    description: 'The newest values of a machine and how old they are.',
    examples: [
      {
        equipment_id: '6f1c1f2e-9d1f-4a53-9a6b-0a54f7f7a111',
        equipment_name: 'Deck oven 1',
        timestamp: '2026-11-20T04:00:00.000Z',
        age_seconds: 2.4,
        stale: false,
        connection_status: 'connected',
        ...noValues,
        temperature: 185.5,
        temperature_zones: { cabinet: 180, core: 72 },
        operational_status: 'running',
        cycle_stage: 'baking',
        cycle_progress_percentage: 45,
        time_remaining_minutes: 12,
        quality: { humidity: 'VALUE_INVALID' },
        active_batch_id: null,
        active_batch_name: null,
      },
    ],
  })

export type RealtimeData = z.output<typeof realtimeDataSchema>

/** A poll may be late or lost once before its values count as old. */
const intervalsUntilStale = 2.5

/** A reading from further ahead was taken before a clock was set back: it is older than it looks. */
const clockSkewMs = 5_000

const answering: readonly ConnectionStatus[] = ['connected', 'degraded']

type Machine = Pick<EquipmentRow, 'id' | 'name' | 'iot_connection_status' | 'poll_interval_seconds' | 'poll_cron'>

/** The newest values beside the state of the connection, and the batch that is on the machine. A value never looks live when it is not. */
export function realtimeData(
  machine: Machine,
  newest: StoredReading | undefined,
  { now, batch }: { now: number; batch?: Pick<Batch, 'id' | 'name'> | undefined },
): RealtimeData {
  const {
    reading_time: timestamp,
    source_time: _,
    ...values
  } = newest ? readingRecord(newest) : { reading_time: null, source_time: null, ...noValues }
  const ageSeconds = newest ? ageOf(newest.reading_time, now) : null
  const isAhead = newest !== undefined && newest.reading_time.getTime() - now > clockSkewMs
  const isOld = !newest || isAhead || isMissing(machine, newest.reading_time.getTime(), now)
  return {
    equipment_id: machine.id,
    equipment_name: machine.name,
    timestamp,
    age_seconds: ageSeconds,
    stale: isOld || !answering.includes(machine.iot_connection_status),
    connection_status: wordOf(connectionStatuses, machine.iot_connection_status, 'error'),
    ...values,
    active_batch_id: batch?.id ?? null,
    active_batch_name: batch?.name ?? null,
  }
}

/** Whether a newer reading should be there, one that was lost and one that is late allowed for. */
function isMissing({ poll_interval_seconds, poll_cron }: Machine, at: number, now: number): boolean {
  const intervalMs = poll_interval_seconds * 1_000
  const isYoung = now - at <= intervalsUntilStale * intervalMs
  if (isYoung || poll_cron === null) return !isYoung
  const times = createPollTimes(poll_cron)
  const second = times.next(times.next(at + servedEarlyMs))
  return now - second > intervalMs / 2
}

/** Seconds to a tenth; a worker's clock slightly ahead of ours makes no negative age. */
function ageOf(time: Date, now: number): number {
  return Math.max(0, Math.round((now - time.getTime()) / 100) / 10)
}

/** The machine as a read that just succeeded shows it: its record follows a moment later. */
export function justRead<T extends Machine>(machine: T, { quality }: StoredReading): T {
  if (answering.includes(machine.iot_connection_status)) return machine
  return { ...machine, iot_connection_status: quality && Object.keys(quality).length > 0 ? 'degraded' : 'connected' }
}
