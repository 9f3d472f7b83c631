/** Sees a row under its lock before it is changed, and may throw: the change is then not made. */
export type StateCheck<Row> = (before: Row) => void

export const anyState = (): void => undefined
