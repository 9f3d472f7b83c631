import {
  HistoryReadResult,
  type OPCUAServer,
  ReadRawModifiedDetails,
  type ServerSession,
  StatusCodes,
} from 'node-opcua'
import type { OpcUaEquipment } from './opc-ua-equipment.ts'

/** Answers that a session can have continued. */
export function placesTaken({ continuationPointManager: manager }: ServerSession): number {
  return (Reflect.get(manager, '_map') as Map<string, unknown>).size
}

/** Has a server tell the past page by page, with places for so many continuation points (OPC 10000-4, 7.9): node-opcua has no bounds. */
export function pageHistory({ engine }: OPCUAServer, equipment: OpcUaEquipment): void {
  const { history_page: page, history_places: places } = equipment
  if (page === 0) return
  const readWhole = engine.historyRead.bind(engine)
  engine.historyRead = async (context, request) => {
    const details = request.historyReadDetails
    if (details instanceof ReadRawModifiedDetails) {
      details.numValuesPerNode = Math.min(details.numValuesPerNode || page, page)
    }
    const results = await readWhole(context, request)
    const session = context.session as ServerSession
    for (const [index, { continuationPoint }] of [...results.entries()].toReversed()) {
      if (places === 0 || !continuationPoint || placesTaken(session) <= places) continue
      session.continuationPointManager.clearContinuationPoint(continuationPoint)
      results[index] = new HistoryReadResult({ statusCode: StatusCodes.BadNoContinuationPoints })
    }
    return results
  }
}
