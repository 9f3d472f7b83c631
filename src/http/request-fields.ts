import { z } from 'zod'

const earliest = Date.UTC(1970, 0, 1)
const latest = Date.UTC(10_000, 0, 1)

/** Fields that many requests share. */
export const requestField = {
  /** Text for people: not blank, no control characters, at most `max` UTF-16 code units. */
  words: (max: number) =>
    z
      .string()
      .min(1)
      .max(max)
      .regex(/^\P{Cc}*$/u, 'must not hold control characters')
      .refine((text) => text.trim() !== '', 'must not be blank'),

  /** A moment within the years that timestamps are stored for. */
  time: () =>
    z.iso
      .datetime({
        offset: true,
        error: 'must be a time with offset, such as 2026-11-20T04:00:00Z (in an address, + is written %2B)',
      })
      .transform((text) => new Date(text))
      .refine((time) => earliest <= time.getTime() && time.getTime() < latest, 'must lie between 1970 and 9999'),
} as const
