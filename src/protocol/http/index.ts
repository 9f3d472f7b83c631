export { describedPoints } from './described-points.ts'
export { type DigestDemand, digestAuthorization, digestDemand } from './digest-login.ts'
export {
  type HttpAnswer,
  type HttpClient,
  type HttpClientOptions,
  type HttpRequest,
  openHttpClient,
} from './open-http-client.ts'
export { parseChallenges } from './parse-challenges.ts'
export { retryAfterMs } from './retry-after.ts'
export { type SimulatedServer, type SimulatedServerOptions, startServer } from './start-server.ts'
