export type { Fault, Sample } from '#core'
export { BakewireError, isOfSetClock } from '#core'
export { adviceOn, adviceOnStrangeValues } from './advice.ts'
export { checking } from './checking.ts'
export {
  type Connector,
  commonStages,
  type Definition,
  type Dial,
  defineConnector,
  type LinkMemory,
  type LinkTools,
  type OpaqueLink,
  type OwnCertificate,
  type Point,
  type Profile,
  type Stage,
  stages,
  type Target,
  type TargetOf,
  type Trust,
  type Writable,
} from './definition.ts'
export {
  type Capability,
  type ConnectorDescription,
  capabilities,
  capabilitiesOf,
  describeConnector,
  jsonSchemaOf,
  mask,
  maskCredentials,
} from './describe.ts'
export { field } from './field.ts'
export { type Kit, kit } from './kit.ts'
export { type Configuration, configurationSchema, parseTarget, pointSchema, refused } from './parse.ts'
export { createRegistry, loadRegistry, type Registry } from './registry.ts'
export type {
  Browsed,
  BrowseRequest,
  Found,
  HistoryRequest,
  Kept,
  ReadRequest,
  SubscribeRequest,
  Write,
  WriteRequest,
} from './requests.ts'
export {
  type ConnectorSimulator,
  lateAnswerMs,
  type Misbehaviour,
  type SimulatedConfiguration,
  type SimulatedMachine,
} from './simulator.ts'
export { type WantedValues, writesOf } from './writes-of.ts'
