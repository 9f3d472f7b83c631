import { CreateSessionResponse, MessageSecurityMode, type OPCUAServer } from 'node-opcua'

interface Channel {
  readonly securityMode: MessageSecurityMode
  send_response(type: string, response: unknown, message: unknown): unknown
}

interface Message {
  readonly request: { readonly clientCertificate: Buffer | null }
}

/** Has a server show its certificate without security to those clients only that show theirs, as open62541 does: node-opcua shows it to all. */
export function showWhenAsked(server: OPCUAServer): void {
  const name = '_on_CreateSessionRequest'
  const create = (Reflect.get(server, name) as (message: Message, channel: Channel) => Promise<void>).bind(server)
  Reflect.set(server, name, async (message: Message, channel: Channel) => {
    const isShown = (message.request.clientCertificate?.length ?? 0) > 0
    if (isShown || channel.securityMode !== MessageSecurityMode.None) return create(message, channel)
    const { send_response: send } = channel
    channel.send_response = (type, response, to) => {
      channel.send_response = send
      if (response instanceof CreateSessionResponse) {
        Object.assign(response, { serverCertificate: null })
        for (const endpoint of response.serverEndpoints ?? []) Object.assign(endpoint, { serverCertificate: null })
      }
      return send.call(channel, type, response, to)
    }
    return create(message, channel)
  })
}
