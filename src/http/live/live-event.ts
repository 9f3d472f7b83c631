import type { AlertLinks } from '#link'
import type { AlertRecord, MachineReading, MachineStatus } from '#store'
import { alertRecord } from '../alert-record.ts'
import { timeOrNull } from '../answer-fields.ts'
import { readingRecord } from '../reading-record.ts'
import type { Position } from './position.ts'

/** One thing that streams tell of. */
export interface LiveEvent {
  readonly kind: 'reading' | 'status' | 'alert'
  readonly equipmentId: string
  /** Equal for the same news told twice. */
  readonly key: string
  /** How far a stream has come with it. */
  readonly reached: Partial<Position>
  /** JSON on one line. */
  readonly data: string
}

export function readingEvent(reading: MachineReading): LiveEvent {
  const { equipment_id, equipment_name } = reading
  const readingMs = reading.reading_time.getTime()
  return {
    kind: 'reading',
    equipmentId: equipment_id,
    key: `${equipment_id}@${readingMs}`,
    reached: { readingMs },
    data: JSON.stringify({ equipment_id, equipment_name, ...readingRecord(reading) }),
  }
}

export function statusEvent(status: MachineStatus): LiveEvent {
  const data = JSON.stringify({ ...status, last_connected: timeOrNull(status.last_connected) })
  return { kind: 'status', equipmentId: status.equipment_id, key: data, reached: {}, data }
}

export function alertEvent(alert: AlertRecord, transition: number, links: AlertLinks): LiveEvent {
  const data = JSON.stringify(alertRecord(alert, links))
  return { kind: 'alert', equipmentId: alert.equipment_id, key: `alert ${transition}`, reached: { transition }, data }
}
