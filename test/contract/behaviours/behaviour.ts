import type { Subject } from '../subject.ts'

/** The levels of quality, lowest first. A connector has a level when every behaviour up to it holds. */
export const levels = ['bronze', 'silver'] as const
export type Level = (typeof levels)[number]

/** One promise that every connector keeps. `check` throws where it does not. */
export interface Behaviour {
  readonly name: string
  readonly level: Level
  readonly check: (subject: Subject) => Promise<void> | void
}
