import { describe, expect, it } from 'vitest'
import { announcementsOf, parseAnnouncement } from './announcement.ts'

const key = (index: number) => ({
  equipmentId: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
  readingTime: 1_800_000_000_000 + index,
})

describe('announcements of a batch', () => {
  it.each([0, 1, 145, 146, 2_000])('%i readings are told completely, each message short enough', (count) => {
    const keys = Array.from({ length: count }, (_, index) => key(index))
    const messages = announcementsOf(keys)
    expect(messages.flatMap(parseAnnouncement)).toEqual(keys)
    for (const message of messages) expect(message.length).toBeLessThan(8_000)
  })

  it.each(['', 'x', '00000000-0000-4000-8000-000000000000', '00000000-0000-4000-8000-000000000000@', ';;@1'])(
    '%j tells of nothing',
    (payload) => {
      expect(parseAnnouncement(payload)).toEqual([])
    },
  )
})
