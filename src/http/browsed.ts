import { z } from 'zod'

const foundSchema = z
  .object({
    name: z.string().meta({ description: 'As the machine, or its protocol, names it.' }),
    kind: z.string().meta({ description: 'What kind of thing it is, or which type its value has.' }),
    at: z.string().optional().meta({ description: 'There is more below: send it as `at`.' }),
    value: z.string().optional().meta({ description: 'Its value now, as text, cut where it is long.' }),
    point: z
      .record(z.string(), z.unknown())
      .optional()
      .meta({ description: 'An entry of `points` for a configuration; its `metric` is a proposal.' }),
  })
  .meta({ id: 'Found', title: 'Found', description: 'Something that a machine has.' })

/** What was found, as the worker tells it. */
export const browsedSchema = z.object({ found: z.array(foundSchema), cursor: z.string().optional() })
export type Browsed = z.output<typeof browsedSchema>

/** What was found, as answers show it. */
export const browseAnswerSchema = z
  .object({
    found: z.array(foundSchema),
    next_cursor: z.string().nullable().meta({ description: 'Send as `cursor` to go on; null at the end.' }),
  })
  .meta({
    id: 'Browsed',
    title: 'Browsed',
    description: 'A page of what there is on a machine.',
    examples: [
      {
        found: [
          { name: 'Oven', kind: 'folder', at: 'nsu=http://vendor.example/oven/;s=Oven' },
          {
            name: 'Temperature',
            kind: 'Double',
            value: '182.5',
            point: { metric: 'temperature', node: 'nsu=http://vendor.example/oven/;s=Oven/Temperature' },
          },
        ],
        next_cursor: null,
      },
    ],
  })

export interface BrowseQuestion {
  readonly at?: string | undefined
  readonly cursor?: string | undefined
  readonly limit: number
  readonly seconds: number
}
