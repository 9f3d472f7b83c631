import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'

/** Requests of one connection that are worked on at once. Programs wait for an answer before they ask again. */
const atOnce = 8
/** Requests that wait on one connection. Whoever sends more does not read the answers. */
const waitingMax = 10_000

interface Turns {
  underWay: number
  readonly waiting: (() => void)[]
}

/**
 * Begins with a request when few answers are unread before it. One packet holds a thousand requests, which are all taken
 * before Node stops reading: without this a client that never reads makes hundreds of megabytes of answers.
 */
export function answerInTurn(app: FastifyInstance): void {
  const turnsOf = new WeakMap<Socket, Turns>()
  app.addHook('onRequest', async ({ raw: { socket } }, reply) => {
    const turns = turnsOf.get(socket) ?? { underWay: 0, waiting: [] }
    turnsOf.set(socket, turns)
    if (turns.waiting.length >= waitingMax) socket.destroy()
    else if (turns.underWay < atOnce) turns.underWay += 1
    else await new Promise<void>((resolve) => turns.waiting.push(resolve))
    if (socket.destroyed) return reply.hijack()
    reply.raw.once('close', () => passOn(turns))
  })
}

function passOn(turns: Turns): void {
  const next = turns.waiting.shift()
  if (next) next()
  else turns.underWay -= 1
}
