import postgres from 'postgres'
import { BakewireError } from '#core'

/** What the database could not do now but may do again: its own start or stop, a cut connection, a changed password or right, no free slot, a lost race, a lock that was waited for too long. */
const passing =
  /^(08|28|42501$|53|57|58|40001$|40P01$|55P03$|25006$|CONNECT|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH)/

/** Runs a store call and translates its errors once. Neither SQL parameters nor row contents get into the message. */
export async function guarded<T>(doing: string, call: PromiseLike<T>): Promise<T> {
  try {
    return await call
  } catch (error) {
    throw translate(doing, error)
  }
}

function translate(doing: string, error: unknown): BakewireError {
  if (error instanceof BakewireError) return error
  const source = databaseError(error)
  const code = source && 'code' in source ? String(source.code) : ''
  if (passing.test(code))
    return new BakewireError('UNAVAILABLE', `${doing}: the database is not available`, { cause: source })
  if (code === '23505') return new BakewireError('CONFLICT', `${doing}: there is one already`, { cause: source })
  return new BakewireError('INTERNAL', `${doing} failed`, { cause: source ?? error })
}

/** drizzle wraps what the driver threw, with all parameters in its message: only the driver's own error goes on. */
function databaseError(error: unknown): Error | undefined {
  for (let current = error; current instanceof Error; current = current.cause) {
    if (current instanceof postgres.PostgresError || 'code' in current) return current
  }
  return undefined
}

/** VALUE_INVALID when the values themselves are at fault: whenever they are written again they are refused again. */
export function refusedValue(doing: string, error: unknown): BakewireError | undefined {
  const cause = databaseError(error)
  if (!(cause instanceof postgres.PostgresError) || !/^(22|23|54)/.test(cause.code)) return undefined
  return isMissingPartition(cause)
    ? undefined
    : new BakewireError('VALUE_INVALID', `${doing}: a value is refused`, { cause })
}

export function isMissingPartition(error: unknown): boolean {
  return error instanceof postgres.PostgresError && error.code === '23514' && /no partition/.test(error.message)
}
