import type { Reading } from '#core'

/** Which reading was written: what a NOTIFY of `readings_written` tells of each. */
export interface ReadingKey {
  readonly equipmentId: string
  /** ms since 1970 */
  readonly readingTime: number
}

/** A key takes up to 54 bytes, and a NOTIFY carries less than 8,000. */
const keysPerMessage = 145

/** What to tell of a batch, in texts that need no quotes within an array literal. */
export function announcementsOf(readings: readonly Pick<Reading, 'equipmentId' | 'readingTime'>[]): string[] {
  const keys = readings.map(({ equipmentId, readingTime }) => `${equipmentId}@${readingTime}`)
  const messages: string[] = []
  for (let from = 0; from < keys.length; from += keysPerMessage) {
    messages.push(keys.slice(from, from + keysPerMessage).join(';'))
  }
  return messages
}

/** The keys in what was told; parts of another form are of another release and left out. */
export function parseAnnouncement(payload: string): ReadingKey[] {
  return payload.split(';').flatMap((key) => {
    const [, equipmentId, time] = /^([0-9a-f-]{36})@(\d{1,16})$/.exec(key) ?? []
    return equipmentId === undefined ? [] : [{ equipmentId, readingTime: Number(time) }]
  })
}
