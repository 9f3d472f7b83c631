import type { HttpDependencies, RouteTools } from '../dependencies.ts'
import type { ZodApp } from '../zod-app.ts'
import { alertRuleRoutes } from './alert-rules.ts'
import { alertRoutes } from './alerts.ts'
import { apiKeyRoutes } from './api-keys.ts'
import { auditLogRoutes } from './audit-log.ts'
import { batchRoutes } from './batches.ts'
import { browseRoutes } from './browse.ts'
import { commandRoutes } from './commands.ts'
import { completenessRoutes } from './completeness.ts'
import { connectionLogRoutes } from './connection-logs.ts'
import { connectorRoutes } from './connectors.ts'
import { equipmentRoutes } from './equipment.ts'
import { gapRoutes } from './gaps.ts'
import { healthRoutes } from './health.ts'
import { iotConfigRoutes } from './iot-config.ts'
import { metricsRoutes } from './metrics.ts'
import { notificationChannelRoutes } from './notification-channels.ts'
import { opcUaCertificateRoutes } from './opc-ua-certificates.ts'
import { realtimeDataRoutes } from './realtime-data.ts'
import { sensorHistoryRoutes } from './sensor-history.ts'
import { streamRoutes } from './streams.ts'
import { testConnectionRoutes } from './test-connection.ts'

type RegisterRoutes<Tools> = (app: ZodApp, tools: Tools) => void

/** At the root of the server. */
export const rootRoutes: readonly RegisterRoutes<HttpDependencies>[] = [healthRoutes, metricsRoutes]

/** Below `/api/v1`. */
export const resourceRoutes: readonly RegisterRoutes<RouteTools>[] = [
  equipmentRoutes,
  iotConfigRoutes,
  testConnectionRoutes,
  commandRoutes,
  connectionLogRoutes,
  gapRoutes,
  completenessRoutes,
  realtimeDataRoutes,
  sensorHistoryRoutes,
  streamRoutes,
  batchRoutes,
  connectorRoutes,
  browseRoutes,
  alertRuleRoutes,
  alertRoutes,
  notificationChannelRoutes,
  opcUaCertificateRoutes,
  apiKeyRoutes,
  auditLogRoutes,
]
