import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { BakewireError } from '#core'

/** All addresses of a host name, in the order in which they are to be tried. */
export type Lookup = (host: string) => Promise<readonly string[]>

/** The system's way, so that `/etc/hosts`, mDNS and search domains hold. */
export const systemLookup: Lookup = async (host) => {
  const found = await lookup(host, { all: true, order: 'verbatim' })
  return found.map(({ address }) => address)
}

/** RFC 1035, 2.3.4, and a final dot. */
const hostLengthMax = 254

/**
 * Makes a resolver: an address is itself, a name is looked up anew each time. Lookups of one name that are under way at
 * the same time are one, because the system has four threads for them and a dead name server holds each for seconds.
 * Rejects with ADDRESS_UNRESOLVED, or with the signal's reason.
 */
export function createResolver(lookUp: Lookup): (host: string, signal: AbortSignal) => Promise<readonly string[]> {
  const underWay = new Map<string, Promise<readonly string[]>>()

  function shared(host: string): Promise<readonly string[]> {
    const running = underWay.get(host)
    if (running) return running
    const started = addressesOf(host, lookUp).finally(() => underWay.delete(host))
    underWay.set(host, started)
    return started
  }

  return async (host, signal) => (isIP(host) === 0 ? orAbort(shared(host), signal) : [host])
}

async function addressesOf(host: string, lookUp: Lookup): Promise<readonly string[]> {
  if (host === '' || host.length > hostLengthMax) {
    throw new BakewireError('ADDRESS_UNRESOLVED', `A host name has 1 to ${hostLengthMax} characters`)
  }
  const addresses = await lookUp(host).catch((cause: NodeJS.ErrnoException) => {
    const why = cause.code === 'EAI_AGAIN' ? 'the name server does not answer' : 'no such name is known'
    throw new BakewireError('ADDRESS_UNRESOLVED', `${host} cannot be resolved: ${why}`, { cause })
  })
  if (addresses.length === 0) throw new BakewireError('ADDRESS_UNRESOLVED', `${host} has no address`)
  return addresses
}

async function orAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted()
  const aborted = Promise.withResolvers<never>()
  const onAbort = () => aborted.reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([promise, aborted.promise])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
