/** Parts that do not need each other. Each may wait in vain for a database that is silent, and all of it must end within 10 s. */
export function stoppedTogether(started: AsyncDisposableStack) {
  const stops: (() => Promise<void>)[] = []
  started.defer(async () => {
    await Promise.all(stops.map((stop) => stop()))
  })
  return { add: (stop: () => Promise<void>) => void stops.push(stop) }
}
