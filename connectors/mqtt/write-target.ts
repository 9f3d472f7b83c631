import { BakewireError, type Fault, type Sample, type WriteRequest } from '#connector'
import { availabilityOf } from './availability.ts'
import { type Command, commandOf } from './command-of.ts'
import type { Connection } from './connections.ts'
import type { Ear } from './ears.ts'
import { firstMessages } from './first-messages.ts'
import { listen } from './listen.ts'
import type { MqttLink } from './read-target.ts'
import { sampleAt } from './sample-at.ts'
import type { MqttTarget } from './schemas.ts'

/**
 * Sends a command for each write, in their order, once. What the machine has then is what it publishes afterwards: the value that
 * was asked for, or what was heard last within the time-out; TIMED_OUT where nothing was. Throws as `readTarget` does, before
 * anything is sent.
 */
export async function writeTarget(link: MqttLink, request: WriteRequest<MqttTarget>): Promise<Sample[]> {
  const { target, writes, signal } = request
  const { device, qos } = target.settings
  const connection = await link.connections.of(target, signal)
  const aims = writes.map(({ point, value }) => ({ point, value, ear: connection.ears.of(point, device) }))
  const ears = aims.map(({ ear }) => ear)
  const availability = availabilityOf(connection, target)
  const wanted = availability ? [...ears, availability.ear] : ears
  const refused = await listen(connection, wanted, { qos: qos === 1 ? 1 : 0, signal })
  const blind = availability && refused.get(availability.ear)
  if (blind) throw blind
  const births = ears.filter(({ sparkplug }) => sparkplug)
  await firstMessages(link, connection, { ears: births, availability, timeoutMs: target.timeoutMs, signal })
  // What the broker had kept comes right after the subscription.
  if (availability?.ear.messages === 0) await connection.client.roundTrip(signal)
  if (availability?.isGone()) {
    throw new BakewireError('UNREACHABLE', `topic ${availability.ear.filter} says that the machine is offline`)
  }
  const codec = births.length > 0 ? await connection.ears.nodes.codec() : undefined
  const answers: (Sample | Promise<Sample>)[] = []
  for (const aim of aims) {
    const { ear } = aim
    const command = refused.get(ear) ?? commandOf(aim, { device, now: link.clock.now(), codec })
    if ('code' in command) answers.push(without(ear, command))
    else answers.push((await tell(link, connection, { ...aim, command, target, signal })).afterwards)
  }
  return connection.client.whileOpen(Promise.all(answers), signal)
}

interface Telling {
  readonly ear: Ear
  readonly value: number | string | boolean
  readonly command: Command
  readonly target: MqttTarget
  readonly signal: AbortSignal
}

/** Resolves when the command has left; what is heard then is waited for apart. */
async function tell(
  { clock }: MqttLink,
  { client, ears }: Connection,
  telling: Telling,
): Promise<{ readonly afterwards: Sample | Promise<Sample> }> {
  const { ear, value, command, target, signal } = telling
  const confirmed = Promise.withResolvers<void>()
  let heard: Sample | undefined
  const end = ears.tellOf([ear.point], target.settings.device, (told) => {
    // What the broker had kept was said before the command.
    if (!told.heard || told.heard.isRetained) return
    heard = sampleAt(told, { at: clock.monotonic(), now: clock.now(), staleAfterMs: 0 })
    if ('value' in heard && isSame(heard.value, value)) confirmed.resolve()
  })
  try {
    await client.publish(command.topic, command.payload, { qos: command.qos, signal })
  } catch (error) {
    end()
    if (error instanceof BakewireError && error.code === 'POINT_REFUSED') return { afterwards: without(ear, error) }
    throw error
  }
  const tooLong = setTimeout(confirmed.resolve, target.timeoutMs)
  signal.addEventListener('abort', () => confirmed.resolve(), { once: true })
  const afterwards = confirmed.promise.then(() => {
    clearTimeout(tooLong)
    end()
    return heard ?? without(ear, notConfirmed(telling))
  })
  return { afterwards }
}

function notConfirmed({ ear, command, target }: Telling): Fault {
  const silence = `nothing was heard on ${ear.filter} within ${target.timeoutMs / 1_000} s`
  return { code: 'TIMED_OUT', message: `the command was sent to ${command.topic} and is not confirmed: ${silence}` }
}

/** A single's decimals are lost on the way and back. */
function isSame(heard: number | string | boolean, wanted: number | string | boolean): boolean {
  if (typeof heard !== 'number') return String(heard) === String(wanted)
  return Math.abs(heard - Number(wanted)) <= 1e-6 * Math.max(1, Math.abs(heard))
}

function without({ point: { metric } }: Ear, { code, message }: Fault): Sample {
  return { metric, fault: { code, message: `${metric}: ${message}` } }
}
