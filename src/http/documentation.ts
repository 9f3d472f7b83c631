import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import type { Registry } from '#connector'
import { openapiDocument } from './openapi-document.ts'

/** The page's own files, inline styles and data images; nothing from elsewhere. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** `/openapi.json` and the browsable `/docs`, both made from the routes that are registered after it. */
export async function documentation(app: FastifyInstance, { registry }: { registry: Registry }): Promise<void> {
  await app.register(swagger, openapiDocument(registry))
  await app.register(async (docs) => {
    docs.addHook('onRoute', (route) => {
      route.config = { ...route.config, access: 'public' }
    })
    await docs.register(swaggerUi, {
      routePrefix: '/docs',
      staticCSP: contentSecurityPolicy,
      theme: { title: 'Bakewire API' },
      uiConfig: { layout: 'BaseLayout', docExpansion: 'list', validatorUrl: null, persistAuthorization: false },
    })
    // Whoever types the bare address finds something to read.
    docs.get('/', { schema: { hide: true } }, (_request, reply) => reply.redirect('/docs'))
    let text: string | undefined
    docs.get('/openapi.json', { schema: { hide: true } }, (_request, reply) => {
      // Anybody may ask for it: one text for all answers.
      text ??= JSON.stringify(app.swagger())
      return reply.type('application/json; charset=utf-8').send(text)
    })
  })
}
