import { createHash, X509Certificate } from 'node:crypto'
import { z } from 'zod'
import type { CertificateRow } from '#store'
import { timeOf, timeOrNull, timeText } from '../answer-fields.ts'
import type { RouteTools } from '../dependencies.ts'
import { knownOr404 } from '../known-or-404.ts'
import { pageQuery, pageSchema } from '../query-fields.ts'
import type { ZodApp } from '../zod-app.ts'

const certificateSchema = z
  .object({
    fingerprint: z
      .string()
      .meta({ description: 'SHA-256 of the certificate, to compare with what the machine shows.' }),
    trusted: z.boolean(),
    subject: z.string(),
    issuer: z.string(),
    valid_from: timeText(),
    valid_until: timeText(),
    seen_from: z.string().meta({ description: 'Host and port that showed it last.' }),
    first_seen_at: timeText(),
    last_seen_at: timeText(),
    trusted_at: timeText().nullable(),
  })
  .meta({ id: 'OpcUaCertificate', title: 'Certificate of an OPC UA server' })

const ownCertificateSchema = z
  .object({
    certificate: z.string().meta({ description: 'The certificate, PEM. It holds no secret.' }),
    fingerprint: z.string().meta({ description: 'SHA-256 of the certificate.' }),
    thumbprint: z.string().meta({ description: 'SHA-1 of the certificate: what most OPC UA servers show of it.' }),
    subject: z.string(),
    valid_from: timeText(),
    valid_until: timeText(),
  })
  .meta({ id: 'OwnOpcUaCertificate', title: 'Certificate by which OPC UA servers know this installation' })

const fingerprintParams = z.strictObject({
  fingerprint: z
    .string()
    .regex(/^[0-9A-Fa-f]{64}$/)
    .toLowerCase(),
})

const tags = ['OPC UA certificates']

export function opcUaCertificateRoutes(app: ZodApp, tools: RouteTools): void {
  tellOwnCertificate(app, tools)
  listCertificates(app, tools)
  trustCertificate(app, tools)
  forgetCertificate(app, tools)
}

function tellOwnCertificate(app: ZodApp, { ownCertificate }: RouteTools): void {
  app.get('/opc-ua/own-certificate', {
    config: { access: 'read' },
    schema: {
      tags,
      summary: 'The certificate by which OPC UA servers know this installation',
      description:
        'For servers that have to be given it: those that do not list it among their rejected certificates after the first try.',
      response: { 200: ownCertificateSchema },
    },
    handler: async () => {
      const certificate = await ownCertificate()
      const { raw, subject, validFromDate, validToDate } = new X509Certificate(certificate)
      const hashed = (algorithm: string) => createHash(algorithm).update(raw).digest('hex')
      return {
        certificate,
        fingerprint: hashed('sha256'),
        thumbprint: hashed('sha1'),
        subject: subject.replaceAll('\n', ', '),
        valid_from: timeOf(validFromDate),
        valid_until: timeOf(validToDate),
      }
    },
  })
}

function listCertificates(app: ZodApp, { certificates }: RouteTools): void {
  app.get('/opc-ua/certificates', {
    config: { access: 'read' },
    schema: {
      tags,
      summary: 'List certificates of OPC UA servers',
      description: 'Those that are trusted, and those that were only seen: a connection test notes them. Oldest first.',
      querystring: z.strictObject(pageQuery),
      response: { 200: pageSchema(certificateSchema) },
    },
    handler: async ({ query }) => {
      const page = await certificates.list(query)
      return { ...page, items: page.items.map(certificateRecord) }
    },
  })
}

function trustCertificate(app: ZodApp, { certificates, recordChange }: RouteTools): void {
  app.post('/opc-ua/certificates/:fingerprint/trust', {
    config: { access: 'admin' },
    schema: {
      tags,
      summary: 'Trust the certificate of an OPC UA server',
      description:
        'One that was seen; whoever holds its key is believed to be the machine. Links use it at their next try.',
      params: fingerprintParams,
      body: z.strictObject({}),
      response: { 200: certificateSchema },
    },
    handler: async (request) => {
      const row = knownOr404(await certificates.trust(request.params.fingerprint))
      await recordChange(request, { action: 'opc_ua_certificate.trusted', ...auditable(row) })
      return certificateRecord(row)
    },
  })
}

function forgetCertificate(app: ZodApp, { certificates, recordChange }: RouteTools): void {
  app.delete('/opc-ua/certificates/:fingerprint', {
    config: { access: 'admin' },
    schema: {
      tags,
      summary: 'Forget the certificate of an OPC UA server',
      description: 'It is not trusted any more from the next connection on; links that are open stay open.',
      params: fingerprintParams,
      response: { 204: z.undefined() },
    },
    handler: async (request, reply) => {
      const row = knownOr404(await certificates.remove(request.params.fingerprint))
      await recordChange(request, { action: 'opc_ua_certificate.forgotten', ...auditable(row) })
      return reply.code(204).send()
    },
  })
}

function auditable({ fingerprint, subject, seen_from, trusted_at }: CertificateRow) {
  return {
    subject: { kind: 'opc_ua_certificate', id: fingerprint },
    detail: { subject, seen_from, trusted_at: timeOrNull(trusted_at) },
  }
}

function certificateRecord(row: CertificateRow): z.output<typeof certificateSchema> {
  return {
    fingerprint: row.fingerprint,
    trusted: row.trusted_at !== null,
    subject: row.subject,
    issuer: row.issuer,
    valid_from: timeOf(row.valid_from),
    valid_until: timeOf(row.valid_until),
    seen_from: row.seen_from,
    first_seen_at: timeOf(row.first_seen_at),
    last_seen_at: timeOf(row.last_seen_at),
    trusted_at: timeOrNull(row.trusted_at),
  }
}
