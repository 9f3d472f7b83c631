import { type OPCUACertificateManager, OPCUAClient, StatusCodes } from 'node-opcua'

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
  const session = await client.createSession()
  const request = { subscriptionIds: [...subscriptionIds], sendInitialValues: false }
  const { results } = await session.transferSubscriptions(request)
  const isStolen =
    results?.length === subscriptionIds.length && results.every(({ statusCode }) => statusCode === StatusCodes.Good)
  if (!isStolen)
    throw new Error(`the server does not give up subscriptions: ${results?.map(({ statusCode }) => statusCode.name)}`)
  return async () => {
    await session.close(true)
    await client.disconnect()
  }
}
