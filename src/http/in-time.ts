import { BakewireError } from '#core'

/** What is asked of the database, or UNAVAILABLE when it takes longer. */
export async function inTime<T>(asked: Promise<T>, patienceMs: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const tooLong = new Promise<never>((_, reject) => {
    const refuse = () => reject(new BakewireError('UNAVAILABLE', `${what} take too long; the database may be away`))
    timer = setTimeout(refuse, patienceMs)
  })
  try {
    return await Promise.race([asked, tooLong])
  } finally {
    clearTimeout(timer)
  }
}
