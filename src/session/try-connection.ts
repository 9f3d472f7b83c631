import {
  adviceOn,
  adviceOnStrangeValues,
  type Connector,
  capabilitiesOf,
  commonStages,
  type Stage,
  type Target,
} from '#connector'
import {
  BakewireError,
  createFold,
  type ErrorCode,
  type Folded,
  findImplausibleBy,
  type Implausible,
  qualityLimits,
  type Reading,
  type Remedy,
  toBakewireError,
} from '#core'
import type { Session } from './session.ts'

export interface ConnectionTestStep {
  readonly step: Stage
  readonly ok: boolean
  readonly ms: number
  /** Not tried because an earlier step failed. */
  readonly skipped?: true
  readonly detail?: string
  /** What to do about what is wrong here, for somebody who is no engineer. */
  readonly advice?: string
}

export interface ConnectionTest {
  readonly success: boolean
  readonly status: 'connected' | 'degraded' | 'disconnected' | 'error'
  readonly response_time_ms: number
  readonly supported_features: readonly string[]
  readonly steps: readonly ConnectionTestStep[]
  readonly reading?: Reading
  readonly error_details?: { readonly code: ErrorCode; readonly message: string; readonly remedy: Remedy }
}

/** The stage at which an error stops a connection. */
const stageOfError: Partial<Record<ErrorCode, Stage>> = {
  CONFIG_INVALID: 'address',
  LINK_CONFLICT: 'address',
  ADDRESS_REFUSED: 'address',
  ADDRESS_UNRESOLVED: 'address',
  UNREACHABLE: 'reachable',
  LINK_LOST: 'slot',
  TLS_FAILED: 'secure',
  CERTIFICATE_REJECTED: 'trusted',
  CREDENTIALS_REJECTED: 'login',
}

/** Reads the machine once over its link and says stage by stage how far it got. Stores nothing. */
export async function tryConnection(
  session: Session,
  connector: Connector,
  target: Target,
  now: number,
): Promise<ConnectionTest> {
  const possible = stagesOf(connector)
  const startedAt = performance.now()
  let wasOpen = session.isOpen()
  try {
    wasOpen = await session.tryAnew(target)
    const { samples, responseTimeMs } = await session.read(target, target.points)
    const sensors = qualityLimits('other', target.quality)
    const folded = createFold(target.equipmentId, target.points, sensors)(samples, now)
    const { good, fault, reading } = folded
    if (good === 0 && fault) throw new BakewireError(fault.code, fault.message)
    const strange = findImplausibleBy(sensors)(reading)
    return {
      success: true,
      status: fault ? 'degraded' : 'connected',
      response_time_ms: round(performance.now() - startedAt),
      supported_features: capabilitiesOf(connector),
      // A stage of the protocol that was not met does not exist here: no certificate is trusted over plain HTTP.
      steps: possible
        .filter((step) => commonStages.includes(step) || session.trace().has(step))
        .map((step) => ({
          ...passed(step, session, wasOpen, responseTimeMs, detailOf(step, folded, strange)),
          ...shortcomings(step, folded, strange),
        })),
      reading,
    }
  } catch (thrown) {
    const error = toBakewireError(thrown, 'testing the connection')
    const failedAt = failedStage(error, session, target, wasOpen)
    const steps = possible.flatMap((step): ConnectionTestStep | [] => {
      const distance = possible.indexOf(step) - possible.indexOf(failedAt)
      if (distance < 0 && !commonStages.includes(step) && !session.trace().has(step)) return []
      if (distance < 0) return passed(step, session, wasOpen, 0, undefined)
      if (distance > 0) return { step, ok: false, ms: 0, skipped: true, detail: 'skipped' }
      const ms = round(performance.now() - startedAt)
      return { step, ok: false, ms, detail: error.message, advice: adviceOn(step, error.code) }
    })
    return {
      success: false,
      status: error.remedy === 'retry' ? 'disconnected' : 'error',
      response_time_ms: round(performance.now() - startedAt),
      supported_features: capabilitiesOf(connector),
      steps,
      error_details: { code: error.code, message: error.message, remedy: error.remedy },
    }
  }
}

function stagesOf({ stages }: Connector): Stage[] {
  const at = commonStages.indexOf('read')
  return [...commonStages.slice(0, at), ...stages, ...commonStages.slice(at)]
}

/** What a link is refused with, or left without, by a machine that serves others already. */
const notServed: readonly ErrorCode[] = ['DEVICE_BUSY', 'TIMED_OUT']

function failedStage(error: BakewireError, session: Session, target: Target, wasOpen: boolean): Stage {
  const dialled = wasOpen || session.trace().has('reachable')
  // What the gateway says of a unit behind it.
  if (error.code === 'UNREACHABLE' && dialled) return 'read'
  const stage = stageOfError[error.code]
  if (stage) return stage
  if (error.code === 'TIMED_OUT' && !dialled) return 'reachable'
  const isOpening = dialled && session.restMs(target) > 0
  const isSecured = session.trace().has('secure') || session.trace().has('trusted')
  // What is no machine of this kind at all fails at the reading: it has no stages of this protocol.
  if (error.code === 'PROTOCOL_VIOLATED') return isOpening && isSecured ? 'login' : 'read'
  if (!isOpening || !notServed.includes(error.code)) return 'read'
  return isSecured ? 'login' : 'slot'
}

function passed(
  step: Stage,
  session: Session,
  wasOpen: boolean,
  readMs: number,
  detail: string | undefined,
): ConnectionTestStep {
  const ms = step === 'read' ? readMs : wasOpen ? 0 : (session.trace().get(step) ?? 0)
  const open = wasOpen && step !== 'read' && step !== 'plausible' ? 'the link was open already' : undefined
  const text = detail ?? open
  return { step, ok: true, ms: round(ms), ...(text === undefined ? {} : { detail: text }) }
}

/** What is wrong although the machine was read. */
function shortcomings(step: Stage, { fault }: Folded, strange: readonly Implausible[]) {
  if (step === 'plausible' && strange.length > 0) return { ok: false, advice: adviceOnStrangeValues }
  return step === 'read' && fault && strange.length === 0 ? { advice: adviceOn(step, fault.code) } : {}
}

function detailOf(step: Stage, { good, fault, reading }: Folded, strange: readonly Implausible[]): string | undefined {
  if (step === 'read') {
    const read = good === 1 ? '1 point read' : `${good} points read`
    const isOnlyStrange = strange.length === Object.keys(reading.quality ?? {}).length
    return fault && !isOnlyStrange ? `${read}; ${fault.message}` : read
  }
  if (step === 'plausible' && strange.length > 0)
    return `check register, scale and unit: ${strange.map(({ message }) => message).join('; ')}`
  return undefined
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10
}
