export { afterRead, type ConnectionState, initialState, isNews } from './connection-state.ts'
export { retryDelayMs } from './retry-schedule.ts'
export { createSession, type Listener, type Session } from './session.ts'
export { type ConnectionTest, type ConnectionTestStep, tryConnection } from './try-connection.ts'
