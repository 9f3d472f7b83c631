/** Tasks that must not overlap, by key. */
export interface Turns {
  /** Runs the task when all earlier ones of its key have ended. */
  run<T>(key: string, task: () => Promise<T>): Promise<T>
  /** Settles when those that were given so far have ended. */
  ended(key: string): Promise<void>
}

export function createTurns(): Turns {
  const last = new Map<string, Promise<void>>()
  const ended = (key: string) => last.get(key) ?? Promise.resolve()
  return {
    run(key, task) {
      const result = ended(key).then(task)
      const settled = result.then(
        () => undefined,
        () => undefined,
      )
      last.set(key, settled)
      void settled.then(() => {
        if (last.get(key) === settled) last.delete(key)
      })
      return result
    },
    ended,
  }
}
