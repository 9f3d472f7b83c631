export {
  createEgressGate,
  type DeniedEndpoint,
  type Dial,
  type EgressGate,
  type EgressGateOptions,
} from './egress-gate.ts'
export { parseEgressAllow } from './parse-egress-allow.ts'
export type { EgressRule, PortRange } from './policy.ts'
export type { Lookup } from './resolver.ts'
export { secondsText, withTimeLimit } from './with-time-limit.ts'
