/** What a process that takes part in the polling last said of itself. */
export interface MemberRecord {
  readonly instanceId: string
  /** Moves while the process lives. */
  readonly beat: number
  /** Leases that it holds. */
  readonly held: number
}

interface MemberSight extends MemberRecord {
  /** When its beat moved last, on the observer's monotonic clock: no two hosts' clocks are ever compared. */
  readonly movedAtMs: number
  /** False for one that was there before the observer and has not moved since: it may have died long ago. */
  readonly seenMoving: boolean
}

export type MemberView = ReadonlyMap<string, MemberSight>

/** The view after reading the members' records once more; without an earlier view, what they say proves no life. */
export function observeMembers(
  earlier: MemberView | undefined,
  records: readonly MemberRecord[],
  nowMs: number,
): MemberView {
  return new Map(records.map((record) => [record.instanceId, observe(earlier, record, nowMs)]))
}

function observe(earlier: MemberView | undefined, record: MemberRecord, nowMs: number): MemberSight {
  const before = earlier?.get(record.instanceId)
  if (before?.beat === record.beat) return { ...record, movedAtMs: before.movedAtMs, seenMoving: before.seenMoving }
  return { ...record, movedAtMs: nowMs, seenMoving: earlier !== undefined }
}

/** The members whose beat moved within the time. */
export function livingMembers(view: MemberView, nowMs: number, aliveMs: number): MemberRecord[] {
  return [...view.values()].filter((member) => member.seenMoving && nowMs - member.movedAtMs <= aliveMs)
}

/** The members whose beat has not moved for longer than the time. */
export function silentMembers(view: MemberView, nowMs: number, forgetMs: number): MemberRecord[] {
  return [...view.values()].filter((member) => nowMs - member.movedAtMs > forgetMs)
}
