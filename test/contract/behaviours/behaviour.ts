import type { Subject } from '../subject.ts'

/** The levels of quality, lowest first. A connector has a level when every behaviour up to it holds. */
export const levels = ['bronze', 'silver', 'gold'] as const
export type Level = (typeof levels)[number]

/** What a connector, or its simulator, has or has not: where it is missing a behaviour has nothing to hold for. */
export interface Precondition {
  readonly name: string
  readonly holds: (subject: Subject) => boolean
}

/** One promise that every connector keeps. `check` throws where it does not. */
export interface Behaviour {
  readonly name: string
  readonly level: Level
  readonly needs?: Precondition
  readonly check: (subject: Subject) => Promise<void> | void
}
