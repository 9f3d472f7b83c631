import { createHash } from 'node:crypto'

/** A machine's place within its interval, 0 ≤ phase < 1, the same in every process: spreads a fleet evenly over time. */
export function phaseOf(equipmentId: string): number {
  return createHash('sha256').update(equipmentId).digest().readUInt32BE(4) / 2 ** 32
}

/**
 * The same place on this process's own clock, which is behind the wall clock by `behindMs`: the grids of all processes are
 * one, so that a machine keeps its times when it moves from one to another.
 */
export function localPhase(phase: number, intervalMs: number, behindMs: number): number {
  const offset = (phase * intervalMs - behindMs) % intervalMs
  return (offset < 0 ? offset + intervalMs : offset) / intervalMs
}

/** The first due time after `now` on the machine's grid: all times that are `phase` of an interval past a multiple of it. */
export function nextOnGrid(now: number, intervalMs: number, phase: number): number {
  const offset = phase * intervalMs
  return (Math.floor((now - offset) / intervalMs) + 1) * intervalMs + offset
}

/** Due times that passed while a read was under way: the one that started it does not count. */
export function skippedTicks(startedDueAt: number, now: number, intervalMs: number): number {
  return Math.max(0, Math.floor((now - startedDueAt) / intervalMs))
}
