import { z } from 'zod'
import { limits } from '#core'

/** Texts of a query that stand for something else. Only their one spelling is taken; anything else stays text and is refused. */
export const queryField = {
  wholeNumber: <T extends z.ZodType>(schema: T) =>
    z.preprocess((text) => (typeof text === 'string' && /^-?\d{1,15}$/.test(text) ? Number(text) : text), schema),

  flag: <T extends z.ZodType>(schema: T) =>
    z.preprocess((text) => (text === 'true' ? true : text === 'false' ? false : text), schema),

  cursor: () => z.string().min(1).max(200).meta({ description: 'The `next_cursor` of the page before.' }),
} as const

/** Query parameters of every list. */
export const pageQuery = {
  limit: queryField
    .wholeNumber(z.int().min(1).max(limits.pageSizeMax).default(limits.pageSizeDefault))
    .meta({ description: 'Items on one page.' }),
  cursor: queryField.cursor().optional(),
} as const

export function pageSchema<T extends z.ZodType>(item: T) {
  return z.object({
    items: z.array(item),
    next_cursor: z.string().nullable().meta({ description: 'Send as `cursor` for the next page; null on the last.' }),
  })
}
