import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import { alertRulePatchSchema, alertRuleSchema, changedRule } from '#alert'
import type { AlertRuleRow } from '#store'
import { alertRuleRecord, alertRuleRecordSchema, parsedRule, ruleFields, ruleOf } from '../alert-rule-record.ts'
import { idParams } from '../answer-fields.ts'
import type { RouteTools } from '../dependencies.ts'
import { knownOr404 } from '../known-or-404.ts'
import { stateAskedFor, tagOf } from '../preconditions.ts'
import { pageQuery, pageSchema } from '../query-fields.ts'
import { nothingThere } from '../request-validator.ts'
import type { ZodApp } from '../zod-app.ts'

const tags = ['Alert rules']

const subjectOf = (id: string) => ({ kind: 'alert_rule', id })

export function alertRuleRoutes(app: ZodApp, tools: RouteTools): void {
  addRule(app, tools)
  listRules(app, tools)
  showRule(app, tools)
  changeRule(app, tools)
  deleteRule(app, tools)
}

function addRule(app: ZodApp, { createOnce }: RouteTools): void {
  app.post('/alert-rules', {
    config: { access: 'write', conditional: 'made', idempotencyKey: 'taken', errors: ['CONFLICT'] },
    schema: {
      tags,
      summary: 'Add an alert rule',
      description: 'For one machine, for a type of machine, or, naming neither, for all.',
      body: alertRuleSchema,
      response: { 201: alertRuleRecordSchema },
    },
    handler: (request, reply) =>
      createOnce({ request, reply }, async ({ rules, recordChange }) => {
        const row = await rules.create(ruleFields(request.body))
        await recordChange(request, { action: 'alert_rule.created', subject: subjectOf(row.id), detail: request.body })
        const headers = { location: `/api/v1/alert-rules/${row.id}`, etag: tagOf.rule(row) }
        return { record: alertRuleRecord(row), headers }
      }),
  })
}

function listRules(app: ZodApp, { rules }: RouteTools): void {
  app.get('/alert-rules', {
    config: { access: 'read' },
    schema: {
      tags,
      summary: 'List alert rules',
      description: 'Oldest first.',
      querystring: z.strictObject(pageQuery),
      response: { 200: pageSchema(alertRuleRecordSchema) },
    },
    handler: async ({ query }) => {
      const page = await rules.list(query)
      return { ...page, items: page.items.map(alertRuleRecord) }
    },
  })
}

function showRule(app: ZodApp, { rules }: RouteTools): void {
  app.get('/alert-rules/:id', {
    config: { access: 'read', conditional: 'shown' },
    schema: { tags, summary: 'Show an alert rule', params: idParams, response: { 200: alertRuleRecordSchema } },
    handler: async ({ params: { id } }, reply) => tagged(reply, knownOr404(await rules.get(id))),
  })
}

function changeRule(app: ZodApp, { rules, recordChange }: RouteTools): void {
  app.patch('/alert-rules/:id', {
    config: { access: 'write', conditional: 'changed' },
    schema: {
      tags,
      summary: 'Change an alert rule',
      description: 'null takes a field away. The rule begins anew: delays are dropped and its open alerts resolved.',
      params: idParams,
      body: alertRulePatchSchema,
      response: { 200: alertRuleRecordSchema },
    },
    handler: async (request, reply) => {
      const { id } = request.params
      const before = knownOr404(await rules.get(id))
      const check = stateAskedFor(request, tagOf.rule)
      check(before)
      if (Object.keys(request.body).length === 0) return tagged(reply, before)
      const rule = parsedRule(changedRule(ruleOf(before), request.body))
      const row = knownOr404(await rules.replace(id, ruleFields(rule), check))
      await recordChange(request, { action: 'alert_rule.changed', subject: subjectOf(id), detail: request.body })
      return tagged(reply, row)
    },
  })
}

function deleteRule(app: ZodApp, { rules, recordChange }: RouteTools): void {
  app.delete('/alert-rules/:id', {
    config: { access: 'write', conditional: 'changed' },
    schema: {
      tags,
      summary: 'Delete an alert rule',
      description: 'Its open alerts are resolved; all its alerts stay.',
      params: idParams,
      response: { 204: z.undefined() },
    },
    handler: async (request, reply) => {
      const { id } = request.params
      const { name } = knownOr404(await rules.get(id))
      if (!(await rules.remove(id, stateAskedFor(request, tagOf.rule)))) throw nothingThere()
      await recordChange(request, { action: 'alert_rule.deleted', subject: subjectOf(id), detail: { name } })
      return reply.code(204).send()
    },
  })
}

function tagged(reply: FastifyReply, row: AlertRuleRow) {
  reply.header('etag', tagOf.rule(row))
  return alertRuleRecord(row)
}
