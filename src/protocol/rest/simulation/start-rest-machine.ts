import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ConnectorSimulator } from '#connector'
import { startServer } from '#protocol/http'
import { certificateOf } from './certificate-of.ts'
import { createDigestGuard } from './digest-guard.ts'
import { misbehaviours } from './misbehave.ts'
import { type RestEquipment, restEquipment } from './rest-equipment.ts'
import { createTokenServer } from './token-server.ts'

/** Starts a machine with a REST interface, as told by `restEquipment`. */
export async function startRestMachine(given: unknown): ReturnType<ConnectorSimulator['start']> {
  let equipment = restEquipment.parse(given)
  const { certificate, ca } = equipment.certificate ? certificateOf(equipment.certificate) : {}
  const guard = equipment.digest && createDigestGuard(equipment.digest)
  const tokens = equipment.oauth && createTokenServer(equipment.oauth)
  const server = await startServer({
    handle(request, response) {
      if (tokens?.serves(request)) tokens.handle(request, response)
      else if (tokens && !tokens.accepts(request)) response.writeHead(401).end('{"error":"invalid_token"}')
      else if (guard?.accepts(request, response) ?? true) answer(equipment, request, response)
    },
    ...(certificate ? { certificate } : {}),
  })
  const endpoint = certificate ? 'https://127.0.0.1' : 'http://127.0.0.1'
  return {
    configuration: {
      endpoint,
      port: server.port,
      additional_config: {
        ...(ca === undefined ? {} : { ca }),
        ...(tokens ? { token_url: `${endpoint}:${server.port}/token` } : {}),
      },
    },
    load(next) {
      equipment = restEquipment.parse(next)
    },
    misbehave(kind) {
      equipment = { ...equipment, misbehaviour: kind }
    },
    connections: server.connections,
    stop: server.stop,
  }
}

function answer(equipment: RestEquipment, request: IncomingMessage, response: ServerResponse): void {
  const served = documentAt(equipment, request.url ?? '')
  const isLoggedIn = Object.entries(equipment.requires).every(([name, value]) => request.headers[name] === value)
  if (!isLoggedIn) {
    response.writeHead(401).end('{"error":"who are you?"}')
  } else if (request.method !== 'GET' || !served) {
    response.writeHead(404).end('{"error":"not found"}')
  } else if (served.misbehaviour !== 'none') {
    misbehaviours[served.misbehaviour]({ request, response, text: served.text })
  } else {
    response.writeHead(200, { 'content-type': 'application/json' }).end(served.text)
  }
}

function documentAt(equipment: RestEquipment, url: string) {
  const { path, data, text = JSON.stringify(data), misbehaviour, statusPath, status, statusMisbehaviour } = equipment
  if (serves(path, url)) return { text, misbehaviour }
  if (status === undefined || !serves(statusPath, url)) return undefined
  return { text: JSON.stringify(status), misbehaviour: statusMisbehaviour }
}

function serves(pattern: string, url: string): boolean {
  const wanted = pattern.split('/')
  const parts = url.split('/')
  return (
    parts.length === wanted.length && wanted.every((name, index) => name === '{equipment_id}' || name === parts[index])
  )
}
