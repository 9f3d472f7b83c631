import postgres, { type Sql, type TransactionSql } from 'postgres'

type Scope<T> = (sql: TransactionSql) => T | Promise<T>

/** `loss`: the error that the connection ended with. */
interface Connection {
  loss?: unknown
}

/**
 * Lets transactions of this client end with their connection. Left to itself the driver (3.4.9) sends what follows, a
 * rollback for instance, to no socket at all, which throws where nobody can catch it and ends the process. `begin` rejects
 * as ever as soon as the connection is closed.
 */
export function endLostTransactions(client: Sql): void {
  const begin = client.begin.bind(client)
  const guardedBegin = <T>(...given: [Scope<T>] | [string, Scope<T>]): Promise<unknown> => {
    const scope = given.at(-1) as Scope<T>
    const connection: Connection = {}
    const result = begin(typeof given[0] === 'string' ? given[0] : '', (sql) => run(sql, scope, connection))
    result.catch((error: unknown) => {
      connection.loss ??= error
    })
    return result
  }
  client.begin = guardedBegin as typeof client.begin
}

/** Settles as the scope does, and never once the connection is lost: the driver has nothing to send then. */
async function run<T>(sql: TransactionSql, scope: Scope<T>, connection: Connection): Promise<T> {
  try {
    const value = await scope(guarded(sql, connection))
    if (connection.loss === undefined) return value
  } catch (error) {
    if (connection.loss === undefined && !tellsOfLoss(error)) throw error
  }
  return new Promise<never>(() => undefined)
}

/** Queries as long as there is a connection, and guards what is nested. */
function guarded(sql: TransactionSql, connection: Connection): TransactionSql {
  const unlessLost =
    <Given extends unknown[], Result>(call: (...given: Given) => Result) =>
    (...given: Given): Result => {
      if (connection.loss !== undefined) throw connection.loss
      return call(...given)
    }
  const savepoint = (...given: [Scope<unknown>] | [string, Scope<unknown>]) => {
    const inner: Scope<unknown> = (nested) => run(nested, given.at(-1) as Scope<unknown>, connection)
    return typeof given[0] === 'string' ? sql.savepoint(given[0], inner) : sql.savepoint(inner)
  }
  const tagged = (...given: Parameters<TransactionSql>) => sql(...given)
  return Object.assign(unlessLost(tagged), sql, {
    unsafe: unlessLost(sql.unsafe),
    savepoint: unlessLost(savepoint),
  }) as TransactionSql
}

/** Whether the connection ended with it: the driver or the system says so, or the server that ends the session. */
function tellsOfLoss(error: unknown): boolean {
  for (let current = error; current instanceof Error; current = current.cause) {
    if (current instanceof postgres.PostgresError) return /^(FATAL|PANIC)$/.test(current.severity)
    if ('code' in current && /^(CONNECTION_|CONNECT_|ECONN|EPIPE|ETIMEDOUT)/.test(String(current.code))) return true
  }
  return false
}
