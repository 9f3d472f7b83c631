import { limits } from '#core'
import type { AlertLinks } from '#link'
import type { AlertStore, LiveStore } from '#store'
import { timeOf } from '../answer-fields.ts'
import { alertEvent, readingEvent, statusEvent } from './live-event.ts'
import type { Frame } from './live-stream.ts'
import { advanced, encodePosition, type Position } from './position.ts'

export interface MissedOptions {
  readonly live: LiveStore
  readonly alerts: Pick<AlertStore, 'get'>
  readonly links: AlertLinks
  readonly now: number
}

/** Readings of one machine are written in order; those of many cross each other by this much. */
const crossingMs = 2_000

/** What the readers of one machine, or of all (`null`), have missed since a position, oldest first. */
export async function missedSince(
  equipmentId: string | null,
  since: Position,
  { live, alerts, links, now }: MissedOptions,
): Promise<Frame[]> {
  const after = new Date(equipmentId === null ? Math.max(0, since.readingMs - crossingMs) : since.readingMs)
  const isTooLong = equipmentId === null && now - since.readingMs > limits.streamReplayMs
  const readings = isTooLong ? [] : await live.readingsSince(equipmentId, after, limits.streamReplayMax + 1)
  const isTooMuch = isTooLong || readings.length > limits.streamReplayMax
  const statuses = await (equipmentId === null ? live.statusesSince(after) : live.statuses([equipmentId]))
  const changes = await live.alertsSince(equipmentId, since.transition, limits.streamReplayMax)

  const events = [...(isTooMuch ? [] : readings.map(readingEvent)), ...statuses.map(statusEvent)]
  for (const { id, transition } of changes) {
    const alert = await alerts.get(id)
    if (alert) events.push(alertEvent(alert, transition, links))
  }
  let position = since
  const frames = events.map((event) => {
    position = advanced(position, event.reached)
    return frameOf(event, position)
  })
  return isTooMuch ? [gapFrame(since, now), ...frames] : frames
}

export function frameOf({ key, kind, data }: { key: string; kind: string; data: string }, position: Position): Frame {
  return { key, text: `id: ${encodePosition(position)}\nevent: ${kind}\ndata: ${data}\n\n` }
}

/** More was missed than is worth telling: the reader is told where to find it. */
function gapFrame({ readingMs, transition }: Position, now: number): Frame {
  const data = { from: timeOf(new Date(readingMs)), to: timeOf(new Date(now)) }
  return frameOf(
    { key: 'gap', kind: 'gap', data: JSON.stringify(data) },
    { readingMs: Math.max(readingMs, now), transition },
  )
}
