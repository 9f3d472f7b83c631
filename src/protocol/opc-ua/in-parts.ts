import { BakewireError } from '#core'

/** The answers to several questions of one request. Throws PROTOCOL_VIOLATED where there are more or fewer. */
export function answersFor<T>(
  asked: readonly unknown[],
  answers: readonly T[] | null,
  doing: string,
): readonly T[] & T[] {
  if (answers?.length === asked.length) return [...answers]
  throw new BakewireError('PROTOCOL_VIOLATED', `${doing}: ${answers?.length ?? 0} answers to ${asked.length} questions`)
}

/** Asks in as few requests as may be, each with `size` questions at most. */
export async function inParts<In, Out>(
  all: readonly In[],
  size: number,
  ask: (part: readonly In[]) => Promise<Out[]>,
): Promise<Out[]> {
  const answers: Out[] = []
  for (let at = 0; at < all.length; at += size) answers.push(...(await ask(all.slice(at, at + size))))
  return answers
}
