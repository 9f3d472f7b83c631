import { z } from 'zod'

const machineSchema = z.strictObject({
  equipmentId: z.string(),
  protocol: z.string(),
  configuration: z.strictObject({
    endpoint: z.string(),
    port: z.number(),
    credentials: z.record(z.string(), z.unknown()),
    additional_config: z.record(z.string(), z.unknown()),
  }),
})

/** What can be asked of the worker that holds a link, by kind. */
export const linkRequestSchemas = {
  /** Try a configuration that need not be saved. */
  test: machineSchema,
  /** Read a configured machine now, out of turn. */
  read: z.strictObject({ equipmentId: z.string() }),
  /** Look what there is on a machine that need not be saved. */
  browse: machineSchema.extend({
    at: z.string().optional(),
    cursor: z.string().optional(),
    limit: z.int().positive(),
    seconds: z.number().positive(),
  }),
  /** Write values, in our units and words, to a configured machine. */
  write: z.strictObject({
    equipmentId: z.string(),
    values: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
  }),
} as const

export type MachineRequest = z.output<typeof machineSchema>
