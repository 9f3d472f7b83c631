import pino, { type Logger } from 'pino'

/** Lines that wait for a reader who does not read; beyond it they are dropped. */
const waitingBytesMax = 1024 * 1024

/**
 * A log into a file, or into standard output. What it is written to may be full, closed or blocked: lines are lost then, and
 * nothing else.
 */
export function openLog(level: string, file?: string): Logger {
  let isBlocked = false
  if (file === undefined) {
    // Taking hold of a pipe makes it one that refuses what it has no room for. A write that waited in it would hold up the end of the process for ever.
    process.stdout.on('error', () => undefined)
    // Before the log's own listener, which would try until there is room.
    process.once('exit', () => isBlocked && destination.destroy())
  }
  const destination = pino.destination({
    dest: file ?? 1,
    append: file === undefined,
    sync: false,
    maxLength: waitingBytesMax,
    retryEAGAIN: () => {
      isBlocked = true
      return true
    },
  })
  destination.on('write', () => {
    isBlocked = false
  })
  // There is nowhere left to tell it.
  destination.on('error', () => undefined)
  return pino({ level, serializers: { err: describeError } }, destination)
}

const causesMax = 5
const textMax = 4_000

/**
 * An error as the log shows it: name, code, message, stack, and what caused it. Nothing else that libraries hang on their
 * errors: Redis clients keep the command with its password, HTTP clients the request, database drivers the row.
 */
export function describeError(thrown: unknown, depth = 0): object {
  if (!(thrown instanceof Error)) return { message: withoutLogins(String(thrown)) }
  const code = 'code' in thrown ? String(thrown.code) : undefined
  const causes = thrown instanceof AggregateError ? thrown.errors.slice(0, causesMax) : [thrown.cause]
  const told = depth < causesMax ? causes.filter((cause) => cause !== undefined && cause !== null) : []
  return {
    type: thrown.name,
    ...(code === undefined ? {} : { code }),
    message: withoutLogins(thrown.message),
    stack: withoutLogins(thrown.stack ?? ''),
    ...(told.length > 0 ? { causes: told.map((cause) => describeError(cause, depth + 1)) } : {}),
  }
}

/** A library may quote the address that it was given. */
function withoutLogins(text: string): string {
  return text.slice(0, textMax).replace(/(\b[a-z][a-z0-9+.-]*:\/\/)[^/\s@]*@/gi, '$1***@')
}
