/**
 * The parts of node-opcua that a client needs, imported when the first link is opened: a third of a second and 60 MB. All
 * of it would be four times the time and nearly twice the memory, while every other machine of the worker waits. It would
 * write to the console what servers send, so its own log is off; what goes wrong is told by errors.
 */
export async function loadLibrary() {
  const [channels, transports, types, ids, ranges, statuses, log] = await Promise.all([
    import('node-opcua-secure-channel'),
    import('node-opcua-transport'),
    import('node-opcua-types'),
    import('node-opcua-nodeid'),
    import('node-opcua-numeric-range'),
    import('node-opcua-status-code'),
    import('node-opcua-debug'),
  ])
  for (const silence of [log.setErrorLogger, log.setWarningLogger, log.setDebugLogger]) silence(() => undefined)
  return {
    ClientSecureChannelLayer: channels.ClientSecureChannelLayer,
    makeReverseClientTransportFactory: transports.makeReverseClientTransportFactory,
    NodeId: ids.NodeId,
    NodeIdType: ids.NodeIdType,
    NumericRange: ranges.NumericRange,
    statusOf: (code: number) => quietly(() => statuses.getStatusCodeFromCode(code)),
    GetEndpointsRequest: types.GetEndpointsRequest,
    CreateSessionRequest: types.CreateSessionRequest,
    ActivateSessionRequest: types.ActivateSessionRequest,
    CloseSessionRequest: types.CloseSessionRequest,
    AnonymousIdentityToken: types.AnonymousIdentityToken,
    X509IdentityToken: types.X509IdentityToken,
    UserNameIdentityToken: types.UserNameIdentityToken,
    ReadRequest: types.ReadRequest,
    TranslateBrowsePathsToNodeIdsRequest: types.TranslateBrowsePathsToNodeIdsRequest,
    BrowseRequest: types.BrowseRequest,
    BrowseNextRequest: types.BrowseNextRequest,
    CreateSubscriptionRequest: types.CreateSubscriptionRequest,
    DeleteSubscriptionsRequest: types.DeleteSubscriptionsRequest,
    CreateMonitoredItemsRequest: types.CreateMonitoredItemsRequest,
    DeleteMonitoredItemsRequest: types.DeleteMonitoredItemsRequest,
    DataChangeFilter: types.DataChangeFilter,
    DataChangeNotification: types.DataChangeNotification,
    StatusChangeNotification: types.StatusChangeNotification,
    WriteRequest: types.WriteRequest,
    HistoryReadRequest: types.HistoryReadRequest,
    ReadRawModifiedDetails: types.ReadRawModifiedDetails,
    HistoryData: types.HistoryData,
    PublishRequest: types.PublishRequest,
    RepublishRequest: types.RepublishRequest,
  }
}

export type Library = Awaited<ReturnType<typeof loadLibrary>>

/** The library tells the console each status that it does not know, past its own log: as many as a server likes. */
export function quietly<T>(decode: () => T): T {
  const { warn } = console
  console.warn = () => undefined
  try {
    return decode()
  } finally {
    console.warn = warn
  }
}
