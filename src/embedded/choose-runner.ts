import { readFile, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type Runner, runProgram } from './run-program.ts'
import { SetupError } from './setup-error.ts'

const probeTimeoutMs = 5_000
const handOverTimeoutMs = 60_000

/**
 * Ends the server (SIGINT, a fast shutdown) when the process that started it dies, however it dies.
 * The kernel does it, so nothing has to stay behind to watch; systems without it rely on the next
 * start, which stops leftovers.
 */
const dieWithParent = ['setpriv', '--pdeathsig', 'INT']

/** PostgreSQL refuses uid 0; in a user namespace root is uid 1000 and its files stay root's. */
const notRoot = ['unshare', '-U', '--map-user=1000', '--map-group=1000']

export interface RunnerRequest {
  /** The program to try out. */
  readonly postgres: string
  /** The folder of the cluster, its log and its port; it exists. */
  readonly directory: string
}

/**
 * Finds by trying how PostgreSQL can be run here: as ourselves; as root in a user namespace; as root
 * with an account of the system, which is given the folder. Root runs it as the folder's owner when
 * that is somebody else.
 *
 * @throws SetupError in one sentence with the remedy when there is no way.
 */
export async function chooseRunner(request: RunnerRequest): Promise<Runner> {
  const failures: string[] = []
  for await (const runner of candidates(request)) {
    const result = await runProgram(runner, [request.postgres, '--version'], probeTimeoutMs)
    if (!result.ok) {
      failures.push(result.output)
      continue
    }
    if (await receives(runner, request.directory)) return runner
    failures.push(`it cannot be let into ${request.directory}`)
  }
  throw new SetupError(explain(failures.at(-1) ?? 'no account to run it with'))
}

async function* candidates({ directory }: RunnerRequest): AsyncGenerator<Runner> {
  if (process.getuid?.() !== 0) {
    yield* withGuard({ prefix: [] })
    return
  }
  const { uid, gid } = await stat(directory)
  if (uid !== 0) {
    yield* withGuard({ prefix: [], account: { uid, gid } })
    return
  }
  yield* withGuard({ prefix: notRoot })
  const account = await systemAccount()
  if (account !== undefined) yield* withGuard({ prefix: [], account })
}

function* withGuard(runner: Runner): Generator<Runner> {
  if (process.platform === 'linux') yield { ...runner, prefix: [...runner.prefix, ...dieWithParent] }
  yield runner
}

/** Makes the folder the account's own, where there is one that can come as far as the folder. */
async function receives({ account }: Runner, directory: string): Promise<boolean> {
  if (account === undefined) return true
  const runner = { prefix: [], account }
  if (!(await runProgram(runner, ['test', '-x', dirname(directory)], probeTimeoutMs)).ok) return false
  const { uid, gid } = account
  if ((await stat(directory)).uid !== uid) {
    await runProgram({ prefix: [] }, ['chown', '-R', `${uid}:${gid}`, directory], handOverTimeoutMs)
  }
  return (await runProgram(runner, ['test', '-w', directory], probeTimeoutMs)).ok
}

async function systemAccount() {
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'))
  for (const wanted of ['postgres', 'nobody']) {
    const [, , uid, gid] = lines.find(([name]) => name === wanted) ?? []
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) }
  }
  return undefined
}

function explain(failure: string): string {
  const reason = failure.split('\n')[0] ?? failure
  return process.getuid?.() === 0
    ? `The embedded PostgreSQL cannot run as root here (${reason}): start Bakewire as an ordinary user, put it and its DATA_DIR where the user "postgres" or "nobody" can read them, or set DATABASE_URL.`
    : `The embedded PostgreSQL does not run here (${reason}): install a PostgreSQL server and set DATABASE_URL.`
}
