import type { Server } from 'node:http'
import Fastify, { type FastifyHttpOptions, type FastifyInstance } from 'fastify'
import { serializerCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import { type Log, limits } from '#core'
import { acceptJsonOnly } from './accept-json-only.ts'
import { answerInTurn } from './answer-in-turn.ts'
import { createAuditTrail } from './audit-trail.ts'
import { type Authenticator, createAuthenticator } from './authenticator.ts'
import { createDatabaseOrKnown, type DatabaseOrKnown } from './database-or-known.ts'
import type { HttpDependencies, RouteTools } from './dependencies.ts'
import { describeRoute } from './describe-route.ts'
import { documentation } from './documentation.ts'
import { guardRoutes } from './guard-routes.ts'
import { handleErrors, sendProblem } from './handle-errors.ts'
import { createCreateOnce, createDoOnce } from './idempotency.ts'
import { createLiveFeed } from './live/index.ts'
import { logRequests } from './log-requests.ts'
import { createMachineRequests } from './machine-requests.ts'
import { createNewestValues } from './newest-values.ts'
import { observeRequests } from './observe-requests.ts'
import { registerPages } from './pages/register-pages.ts'
import { answerUnchanged } from './preconditions.ts'
import { parseQueryString } from './query-string.ts'
import { refuseBrokenRequest, refuseExpectation } from './refuse-broken-request.ts'
import { requestId } from './request-id.ts'
import { requestValidator } from './request-validator.ts'
import { requireHttp1 } from './require-http-1.ts'
import { resourceRoutes, rootRoutes } from './routes/index.ts'
import { secureHeaders } from './secure-headers.ts'
import { translateError } from './translate-error.ts'
import type { ZodApp } from './zod-app.ts'

/** Sockets open at once; beyond it new ones are closed at once, and the machines go on being polled. */
const connectionsMax = 5_000

/** The HTTP server, not yet listening: `await app.ready()` throws when a route is not declared as it must be. */
export async function createHttpServer(dependencies: HttpDependencies): Promise<FastifyInstance> {
  const { log } = dependencies
  const app = Fastify(serverOptions(log)).withTypeProvider<ZodTypeProvider>()
  app.server.maxConnections = connectionsMax
  app.server.on('checkExpectation', refuseExpectation)
  app.setValidatorCompiler(requestValidator)
  app.setSerializerCompiler(serializerCompiler)

  answerInTurn(app)
  observeRequests(app, dependencies.requests)
  const databaseOrKnown = createDatabaseOrKnown(dependencies)
  const authenticator = createAuthenticator({ ...dependencies, databaseOrKnown })
  logRequests(app, dependencies)
  app.addHook('onRequest', async ({ id }, reply) => void reply.headers({ ...secureHeaders, 'x-request-id': id }))
  requireHttp1(app)
  guardRoutes(app, authenticator)
  acceptJsonOnly(app)
  answerUnchanged(app)
  handleErrors(app, log)

  if (dependencies.serves === 'everything') {
    await documentation(app, dependencies)
    registerPages(app, {
      ...dependencies,
      authenticate: async (key) => (await authenticator.callerOf(key)) !== undefined,
    })
  }
  await registerRoutes(app, dependencies, { ...authenticator, databaseOrKnown })
  return app
}

function serverOptions(log: Log): FastifyHttpOptions<Server> {
  return {
    logger: false,
    genReqId: requestId,
    bodyLimit: limits.bodyBytesMax,
    // Set here and not by Fastify's own option, which alone leaves a dripping client connected.
    http: {
      headersTimeout: limits.headersTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
      connectionsCheckingInterval: 1_000,
      maxHeaderSize: 16 * 1024,
      // Refused by `requireHttp1`, in our own form.
      requireHostHeader: false,
    },
    requestTimeout: limits.requestTimeoutMs,
    handlerTimeout: limits.answerTimeoutMs,
    // Longer than any answer takes: a client that no longer reads is let go.
    connectionTimeout: 2 * limits.linkRequestLifetimeMs,
    keepAliveTimeout: 65_000,
    forceCloseConnections: 'idle',
    // Its answer would not be a problem document; what comes while the server closes is served.
    return503OnClosing: false,
    trustProxy: false,
    routerOptions: { querystringParser: parseQueryString },
    clientErrorHandler: refuseBrokenRequest,
    frameworkErrors: (error, request, reply) => void sendProblem(translateError(error), { request, reply, log }),
  }
}

async function registerRoutes(
  app: ZodApp,
  dependencies: HttpDependencies,
  { authorize, databaseOrKnown }: Pick<Authenticator, 'authorize'> & { databaseOrKnown: DatabaseOrKnown },
): Promise<void> {
  await app.register(async (root: ZodApp) => {
    root.addHook('onRoute', describeRoute)
    for (const register of rootRoutes) register(root, dependencies)
    if (dependencies.serves === 'operation') return
    const feed = await createLiveFeed({
      ...dependencies,
      authorize: (authorization) => authorize(authorization, 'read'),
    })
    root.addHook('preClose', async () => feed.stop())
    const machines = createMachineRequests(dependencies)
    const tools: RouteTools = {
      ...dependencies,
      machines,
      newestValues: createNewestValues({ ...dependencies, databaseOrKnown }),
      recordChange: createAuditTrail(dependencies.audit),
      createOnce: createCreateOnce(dependencies, dependencies.idempotency),
      doOnce: createDoOnce(dependencies.idempotency),
      feed,
    }
    await root.register(
      async (api: ZodApp) => {
        for (const register of resourceRoutes) register(api, tools)
      },
      { prefix: '/api/v1' },
    )
  })
}
