import { z } from 'zod'
import { field, type Target } from '#connector'

/** For tests: what a connector must say besides what it does. */
export const plainDefinition = {
  id: 'test',
  title: 'Test',
  source: 'none',
  endpoint: field.host(),
  port: field.port(1),
  credentials: z.strictObject({}),
  settings: z.strictObject({}),
  address: z.strictObject({}),
  timeoutSecondsDefault: 1,
  linkKey: () => 'test',
}

/** A machine of it. */
export const plainTarget: Target = {
  equipmentId: 'e',
  endpoint: 'h',
  port: 1,
  credentials: {},
  settings: {},
  timeoutMs: 20,
  points: [],
}
