import {
  type ClientSession,
  type OPCUACertificateManager,
  OPCUAClient,
  StatusCodes,
  type TransferSubscriptionsRequestOptions,
  type TransferSubscriptionsResponse,
} from 'node-opcua'

/** What the library's type of a session leaves out. */
interface Transferring extends ClientSession {
  transferSubscriptions(request: TransferSubscriptionsRequestOptions): Promise<TransferSubscriptionsResponse>
}

interface Stolen {
  readonly port: number
  readonly subscriptionIds: readonly number[]
  /** Whose certificate the thief shows. */
  readonly manager: OPCUACertificateManager
}

/** Another client moves subscriptions into a session of its own (TransferSubscriptions; OPC 10000-4, 5.14.7). What is returned ends it. */
export async function stealSubscriptions({ port, subscriptionIds, manager }: Stolen): Promise<() => Promise<void>> {
  const client = OPCUAClient.create({
    endpointMustExist: false,
    clientCertificateManager: manager,
    connectionStrategy: { maxRetry: 0 },
  })
  await client.connect(`opc.tcp://127.0.0.1:${port}`)
  const session = (await client.createSession()) as Transferring
  const transferred = await session.transferSubscriptions({ subscriptionIds: [...subscriptionIds] })
  const statuses = transferred.results?.map(({ statusCode }) => statusCode) ?? []
  if (statuses.length !== subscriptionIds.length || statuses.some((status) => status !== StatusCodes.Good)) {
    throw new Error(`the server does not give up subscriptions: ${statuses.map(({ name }) => name)}`)
  }
  return async () => {
    await session.close(true)
    await client.disconnect()
  }
}
