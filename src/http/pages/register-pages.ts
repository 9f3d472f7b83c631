import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Clock, type Log, limits } from '#core'
import type { AlertLinks } from '#link'
import type { AlertStore, EquipmentStore, ReadingStore } from '#store'
import { alertPage } from './alert-page.ts'
import { alertView } from './alert-view.ts'
import { type BacklinkQuery, backlinkPage } from './backlink-page.ts'
import { basicPassword } from './basic-password.ts'
import { messagePage, pageHeaders } from './page.ts'

export interface PageDependencies {
  readonly alerts: Pick<AlertStore, 'get'>
  readonly equipment: Pick<EquipmentStore, 'get'>
  readonly readings: Pick<ReadingStore, 'latest'>
  readonly links: Pick<AlertLinks, 'alertIdOf'>
  /** Where people reach this service: never taken from a request. */
  readonly publicUrl: string
  /** Whether this is a valid API key. */
  readonly authenticate: (key: string) => Promise<boolean>
  readonly clock: Pick<Clock, 'now'>
  readonly log: Log
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const publicPage = { config: { access: 'public' as const }, schema: { hide: true } }

/** The pages that messages link to, at the root of the server. They show and change nothing. */
export function registerPages(app: FastifyInstance, dependencies: PageDependencies): void {
  const { links, publicUrl, authenticate, clock, log } = dependencies

  const showAlert = async (
    reply: FastifyReply,
    id: string | undefined,
    mayShow: (resolvedAt: Date | null) => boolean,
  ) => {
    const shown = id === undefined ? undefined : await readAlert(id, dependencies)
    if (!shown || !mayShow(shown.alert.resolved_at)) return send(reply, 404, nothingHere)
    return send(reply, 200, alertPage(alertView({ ...shown, now: clock.now() })))
  }

  void app.register(async (pages) => {
    pages.setErrorHandler((error, request, reply) => {
      log.error({ err: error, request_id: request.id }, 'a page could not be shown')
      return send(reply, 503, notNow)
    })

    pages.get<{ Params: { '*': string } }>('/a/*', publicPage, ({ params }, reply) =>
      showAlert(reply, links.alertIdOf(params['*']), (resolvedAt) => !isLongOver(resolvedAt, clock.now())),
    )

    pages.get<{ Params: { id: string } }>('/alerts/:id', publicPage, async (request, reply) => {
      if (!(await isKnown(request, authenticate))) {
        void reply.header('www-authenticate', 'Basic realm="Bakewire", charset="UTF-8"')
        return send(reply, 401, keyNeeded)
      }
      const { id } = request.params
      return showAlert(reply, uuid.test(id) ? id : undefined, () => true)
    })

    pages.get<{ Querystring: BacklinkQuery }>('/backlink.html', publicPage, ({ query }, reply) =>
      send(reply, 200, backlinkPage(query, publicUrl)),
    )
  })
}

const nothingHere = messagePage(
  'Nothing to see here',
  'This link is too old, the alert has been over for a day, or the address is not complete.',
)
const keyNeeded = messagePage('An API key is needed', 'Give any user name, and an API key as the password.')
const notNow = messagePage('Not possible right now', 'A part of this service does not answer. Try again in a minute.')

async function readAlert(id: string, { alerts, equipment, readings }: PageDependencies) {
  const alert = await alerts.get(id)
  if (!alert) return undefined
  const [machine, newest] = await Promise.all([equipment.get(alert.equipment_id), readings.latest(alert.equipment_id)])
  return machine && { alert, machine, newest }
}

function isLongOver(resolvedAt: Date | null, now: number): boolean {
  return resolvedAt !== null && now - resolvedAt.getTime() > limits.alertLinkAfterResolvedMs
}

async function isKnown({ headers }: FastifyRequest, authenticate: PageDependencies['authenticate']): Promise<boolean> {
  const password = basicPassword(headers.authorization)
  return password !== undefined && (await authenticate(password))
}

function send(reply: FastifyReply, status: number, body: string): FastifyReply {
  return reply.code(status).headers(pageHeaders).send(body)
}
