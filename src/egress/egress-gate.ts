import type { Socket } from 'node:net'
import { networkInterfaces } from 'node:os'
import { BakewireError, type Clock, type Log, limits, systemClock } from '#core'
import { connectTo } from './connect-to.ts'
import { decide, type EgressRule } from './policy.ts'
import { createResolver, type Lookup, systemLookup } from './resolver.ts'
import { createSlots } from './slots.ts'
import { secondsText, withTimeLimit } from './with-time-limit.ts'

/** One of Bakewire's own services, which no machine's configuration may lead to. */
export interface DeniedEndpoint {
  readonly host: string
  readonly port: number
}

/**
 * Opens a TCP connection to a host whose every address is allowed. `checked` is called when that is certain, before the
 * first address is dialled. The signal ends the opening and has no effect afterwards.
 *
 * Throws ADDRESS_REFUSED, ADDRESS_UNRESOLVED, UNREACHABLE, TIMED_OUT, OVERLOADED, UNAVAILABLE, or the signal's reason.
 */
export type Dial = (to: { host: string; port: number; signal: AbortSignal; checked?: () => void }) => Promise<Socket>

export interface EgressGate {
  readonly dial: Dial
  /** What `dial` checks, without dialling: the address that it would try first. Throws ADDRESS_REFUSED, ADDRESS_UNRESOLVED, TIMED_OUT. */
  check(host: string, port: number): Promise<string>
}

export interface EgressGateOptions {
  readonly allow: readonly EgressRule[]
  readonly denied: readonly DeniedEndpoint[]
  readonly log: Log
  readonly lookup?: Lookup
  readonly clock?: Clock
  readonly dialTimeoutMs?: number
  readonly dialsAtOnce?: number
}

/** Dials that wait for a slot: more than all links of a large fleet at once would be a leak. */
const dialsWaitingMax = 10_000
/** Addresses of one name that are tried; all are checked. More would leave each too little of the time. */
const addressesTriedMax = 8

/** The only way out: every connection that Bakewire opens to a place that somebody configured is opened by this gate. */
export function createEgressGate(options: EgressGateOptions): EgressGate {
  const { allow, denied, log, clock = systemClock } = options
  const { dialTimeoutMs = limits.dialTimeoutMs, dialsAtOnce = limits.dialsAtOnce } = options
  const resolve = createResolver(options.lookup ?? systemLookup)
  const slots = createSlots(dialsAtOnce, dialsWaitingMax)

  async function checkedAddresses(host: string, port: number, signal: AbortSignal): Promise<readonly string[]> {
    const policy = {
      allow,
      denied: await resolveDenied(port, signal),
      ownAddresses: interfaceAddresses(),
    }
    const addresses = await resolve(host, signal)
    for (const address of addresses) {
      const decision = decide(address, port, policy)
      if (decision === 'allowed') continue
      log.debug({ host, port, address }, 'egress refused')
      const through = host === address ? '' : `${host} leads to an address that is refused: `
      throw new BakewireError('ADDRESS_REFUSED', through + decision.refused)
    }
    return addresses
  }

  /** Our own services are named by host too; a name that cannot be resolved refuses the dial, as it could be the one. */
  async function resolveDenied(port: number, signal: AbortSignal) {
    const samePort = denied.filter((endpoint) => endpoint.port === port)
    const resolved = await Promise.all(
      samePort.map(async ({ host }) => (await resolve(host, signal)).map((address) => ({ address, port }))),
    )
    return resolved.flat()
  }

  async function connectInTurn(addresses: readonly string[], port: number, signal: AbortSignal, dueMs: number) {
    const candidates = addresses.slice(0, addressesTriedMax)
    let failure: unknown
    for (const [index, address] of candidates.entries()) {
      const shareMs = (dueMs - clock.monotonic()) / (candidates.length - index)
      const late = `${address}, port ${port}, did not answer within ${secondsText(shareMs)}`
      try {
        return await withTimeLimit(signal, shareMs, late, (limited) => connectTo(address, port, limited))
      } catch (error) {
        signal.throwIfAborted()
        failure = error
      }
    }
    throw failure
  }

  function checkWithin(host: string, port: number, signal: AbortSignal): Promise<readonly string[]> {
    const late = `${host} was not resolved within ${secondsText(dialTimeoutMs)}`
    return withTimeLimit(signal, dialTimeoutMs, late, (limited) => checkedAddresses(host, port, limited))
  }

  return {
    dial: ({ host, port, signal, checked }) =>
      slots.run(signal, async () => {
        const dueMs = clock.monotonic() + dialTimeoutMs
        const addresses = await checkWithin(host, port, signal)
        checked?.()
        const socket = await connectInTurn(addresses, port, signal, dueMs)
        if (!signal.aborted) return socket
        socket.destroy()
        throw signal.reason
      }),

    async check(host, port) {
      const [first] = await checkWithin(host, port, new AbortController().signal)
      if (first === undefined) throw new BakewireError('ADDRESS_UNRESOLVED', `${host} has no address`)
      return first
    },
  }
}

function interfaceAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((entries) => (entries ?? []).map(({ address }) => address))
}
