import { createHash } from 'node:crypto'
import { BakewireError, type LinkTools } from '#connector'
import { type GrantedToken, requestToken } from './request-token.ts'
import type { RestTarget } from './schemas.ts'

/** The OAuth access tokens of a link, one for each account, shared by all machines that log in with it. */
export interface AccessTokens {
  /** The token to send now; asked for where there is none that lasts. Throws what `requestToken` throws. */
  current(target: RestTarget): Promise<string>
  /** Another one, since the machine has refused this; undefined where that one is too new for it to be its age. */
  insteadOf(refused: string, target: RestTarget): Promise<string | undefined>
  /** Resolves when nothing is asked for any more and what was given is remembered. */
  settled(): Promise<void>
}

interface Account {
  accessToken: string | undefined
  /** Monotonic ms. */
  renewAt: number
  receivedAt: number
  isRecalled: boolean
  underWay: Promise<string> | undefined
  failure: { readonly error: BakewireError; readonly until: number } | undefined
}

/** What a restart must find. */
interface Kept {
  readonly accessToken: string
  /** Ms since 1970. */
  readonly renewAt: number
  /** With which credentials the access token was got: it is good for no others. */
  readonly account: string
  /** The last one that the token address has given; it replaces the one that was entered. */
  readonly refreshToken?: string | undefined
}

/** Renewed when a tenth of its life is left: clocks and slow answers take no more. */
const usedShare = 0.9
/** Where no lifetime is told, a refusal tells that it is over. A day bounds what a wrong one can do. */
const lifetimeMsMax = 86_400_000
/** One that is said to be over at once is used for so long all the same, or each request would be two. */
const lifetimeMsMin = 10_000
/** A younger token that is refused is not renewed: it is not its age that is wrong. */
const youngMs = 60_000
/** Whoever asks so soon after a failure is told of it: many machines may wait for one token. */
const refusedRestMs = 60_000
const failedRestMs = 5_000
/** Accounts of one link whose tokens are kept in this process. */
const accountsMax = 100

export function createAccessTokens({
  dial,
  clock,
  memory,
}: Pick<LinkTools, 'dial' | 'clock' | 'memory'>): AccessTokens {
  const accounts = new Map<string, Account>()
  let last: Promise<unknown> = Promise.resolve()

  const accountOf = (target: RestTarget): Account => {
    const key = accountKey(target)
    const known = accounts.get(key)
    if (known) return known
    const [oldest] = accounts.keys()
    if (accounts.size >= accountsMax && oldest !== undefined) accounts.delete(oldest)
    const made = newAccount()
    accounts.set(key, made)
    return made
  }

  const recall = async (target: RestTarget): Promise<Kept | undefined> => {
    const kept = await memory.recall(memoryName(target)).catch((error: unknown) => {
      // A refresh token that has been replaced must not be used again: some clouds lock the account for it.
      if (target.credentials.refresh_token !== undefined) throw error
      return undefined
    })
    return isKept(kept) ? kept : undefined
  }

  const recallToken = async (account: Account, target: RestTarget) => {
    if (account.isRecalled) return
    const kept = await recall(target)
    if (account.isRecalled) return
    account.isRecalled = true
    if (kept?.account !== accountKey(target)) return
    account.accessToken = kept.accessToken
    account.renewAt = clock.monotonic() + Math.min(kept.renewAt - clock.now(), lifetimeMsMax)
  }

  /** One request at a time; whoever comes meanwhile gets what it brings. */
  const renew = (account: Account, target: RestTarget): Promise<string> => {
    if (account.failure && clock.monotonic() < account.failure.until) return Promise.reject(account.failure.error)
    if (account.underWay) return account.underWay
    const asking = last
      .then(() => ask(account, target))
      .finally(() => {
        account.underWay = undefined
      })
    account.underWay = asking
    last = asking.catch(() => undefined)
    return asking
  }

  const ask = async (account: Account, target: RestTarget): Promise<string> => {
    const replaced = (await recall(target))?.refreshToken
    const refreshToken = replaced ?? target.credentials.refresh_token
    try {
      const granted = await requestToken({ target, refreshToken, dial, clock })
      account.failure = undefined
      await keep(account, target, { ...granted, refreshToken: granted.refreshToken ?? replaced })
      return granted.accessToken
    } catch (error) {
      if (error instanceof BakewireError) account.failure = { error, until: clock.monotonic() + restMs(error) }
      throw error
    }
  }

  /** Before the token is used: a restart must find the refresh token that came with it. */
  const keep = async (
    account: Account,
    target: RestTarget,
    { accessToken, refreshToken, lifetimeMs }: GrantedToken,
  ) => {
    const usedMs = Math.min(Math.max((lifetimeMs ?? lifetimeMsMax) * usedShare, lifetimeMsMin), lifetimeMsMax)
    account.accessToken = accessToken
    account.receivedAt = clock.monotonic()
    account.renewAt = account.receivedAt + usedMs
    account.isRecalled = true
    const kept: Kept = { accessToken, refreshToken, renewAt: clock.now() + usedMs, account: accountKey(target) }
    await memory.remember(memoryName(target), kept)
  }

  return {
    async current(target) {
      const account = accountOf(target)
      await recallToken(account, target)
      const isGood = clock.monotonic() < account.renewAt && !account.underWay
      return account.accessToken !== undefined && isGood ? account.accessToken : renew(account, target)
    },
    async insteadOf(refused, target) {
      const account = accountOf(target)
      // Another machine's request may have brought a new one meanwhile.
      if (account.accessToken !== undefined && account.accessToken !== refused) return account.accessToken
      if (clock.monotonic() - account.receivedAt < youngMs) return undefined
      return renew(account, target)
    },
    settled: async () => void (await last),
  }
}

function newAccount(): Account {
  return {
    accessToken: undefined,
    renewAt: 0,
    receivedAt: Number.NEGATIVE_INFINITY,
    isRecalled: false,
    underWay: undefined,
    failure: undefined,
  }
}

function restMs({ code, retryAfterMs = 0 }: BakewireError): number {
  return code === 'CREDENTIALS_REJECTED' ? refusedRestMs : Math.max(failedRestMs, retryAfterMs)
}

/** All that was entered: what other credentials have got, or failed to get, tells nothing of these. */
function accountKey({ credentials, settings }: RestTarget): string {
  const { client_id, client_secret, refresh_token } = credentials
  const { token_url, token_auth, scope } = settings
  return fingerprint([client_id, client_secret, refresh_token, token_url, token_auth, scope])
}

/**
 * What tokens are remembered under. An entered refresh token is the account, with whatever client secret: a new one begins
 * anew, and the test of a configuration that is not saved can only take further what it was given itself.
 */
function memoryName(target: RestTarget): string {
  const { refresh_token } = target.credentials
  const named =
    refresh_token === undefined ? accountKey(target) : fingerprint([refresh_token, target.settings.token_url])
  return `rest.tokens ${named}`
}

function fingerprint(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url')
}

function isKept(value: unknown): value is Kept {
  return typeof value === 'object' && value !== null && 'accessToken' in value && 'account' in value
}
