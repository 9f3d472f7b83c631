export { restParts, restSource } from './rest-parts.ts'
export type { RestTarget } from './schemas.ts'
export { startRestMachine } from './simulation/start-rest-machine.ts'
