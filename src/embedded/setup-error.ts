/** A failure to start whose message tells the operator in a sentence what is wrong and what to do. */
export class SetupError extends Error {
  override readonly name: string = 'SetupError'
}
