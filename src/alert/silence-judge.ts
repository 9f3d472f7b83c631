import type { Clock, Log } from '#core'
import type { AlertChange, SilenceFinding, SilenceStore } from '#store'
import { alertTypeOf } from './alert-type.ts'
import { describeRaised, describeResolved, thresholdOf } from './describe-alert.ts'
import { ruleOf } from './rule-catalogue.ts'

/**
 * For so long after it began to look, or to look again, a process raises nothing of a silence that is older than that: what
 * could not be read or stored while it did not look has to be first. The same holds of a database that nobody looked at. Longer
 * than taking over a killed worker's shards and a first poll that times out.
 */
const graceMs = 30_000

/**
 * Judges the rules of kind `no_data` from the database alone, so that they fire when all workers are dead, and ends the
 * alerts of machines that nobody polls any more. For the sweep of every process; only one of them does it at a time.
 */
export function createSilenceJudge(options: {
  silence: SilenceStore
  clock: Pick<Clock, 'monotonic'>
  log: Log
  /** Hears what went into the outbox, after each commit. */
  onNotifications: (ids: readonly string[]) => void
}): () => Promise<void> {
  const { silence, clock, log, onNotifications } = options
  let lookingSince = clock.monotonic()

  const judge = async () => {
    const abandoned = await silence.closeAbandoned()
    if (abandoned.length > 0) onNotifications(abandoned)
    const lookedHereForMs = clock.monotonic() - lookingSince
    const judged = await silence.judge((finding, lookedForMs) =>
      isForgiven(finding, Math.min(lookedForMs, lookedHereForMs)) ? undefined : changeBySilence(finding, log),
    )
    if (judged.length > 0) onNotifications(judged)
  }

  return () =>
    judge().catch((error: unknown) => {
      lookingSince = clock.monotonic()
      throw error
    })
}

function isForgiven({ isSilent, since, now }: SilenceFinding, lookedForMs: number): boolean {
  return isSilent && lookedForMs < graceMs && now.getTime() - since.getTime() > lookedForMs
}

function changeBySilence(finding: SilenceFinding, log: Log): AlertChange | undefined {
  const { equipmentId, equipmentName, isSilent, since, now } = finding
  const rule = ruleOf(finding.rule, log)
  if (rule === undefined) return undefined
  const moment = { rule, equipmentName, value: null, side: null, heldMs: now.getTime() - since.getTime() }
  const change = {
    equipmentId,
    ruleId: rule.id,
    ruleRevision: rule.revision,
    at: now,
    value: null,
    threshold: thresholdOf(rule),
    severity: rule.severity,
  }
  if (!isSilent) return { ...change, kind: 'resolved', texts: describeResolved(moment) }
  const state = { phase: 'firing', since, side: null } as const
  return { ...change, kind: 'raised', type: alertTypeOf(rule), metric: null, texts: describeRaised(moment), state }
}
