/** Callbacks of signals that have not aborted, which go with the signal. */
const listening = new WeakMap<AbortSignal, Set<() => void>>()

/**
 * Calls back once the signal aborts, until what it gives is called. The requests of a link share one signal, and listening to it
 * anew for each would cost more than the rest of what we do for a small answer: so each signal has one listener, and a set.
 */
export function whenAborted(signal: AbortSignal, callback: () => void): () => void {
  let callbacks = listening.get(signal)
  if (!callbacks) {
    callbacks = new Set()
    listening.set(signal, callbacks)
    const all = callbacks
    signal.addEventListener('abort', () => callAll(all), { once: true })
  }
  const mine = callbacks
  mine.add(callback)
  return () => mine.delete(callback)
}

function callAll(callbacks: ReadonlySet<() => void>): void {
  for (const callback of callbacks) callback()
}
