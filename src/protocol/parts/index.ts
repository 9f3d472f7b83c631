import { kit } from '#connector'
import { evaluatePointer, sampleOf } from '#protocol/document'
import { openHttpClient } from '#protocol/http'
import { documentIn, restParts, startHttpMachine, startRestMachine } from '#protocol/rest'

/**
 * The kit as every connector is given it: with the parts of protocols, which a connector of a folder outside this repository
 * cannot import. What is called `start…Machine` is for its simulator.
 */
export const partsKit = {
  ...kit,
  document: { evaluatePointer, sampleOf },
  http: { documentIn, openHttpClient, startHttpMachine },
  rest: { restParts, startRestMachine },
} as const
export type PartsKit = typeof partsKit
export type { ConnectorSimulator } from '#connector'
