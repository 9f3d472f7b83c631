/** A simulated machine on a real socket, or several behind one: how it is reached now, and how its day goes on. */
export interface DemoServer {
  readonly address: {
    readonly endpoint: string
    readonly port: number
    readonly credentials?: Readonly<Record<string, unknown>>
    readonly additional_config?: Readonly<Record<string, unknown>>
  }
  /** Shows what the machines are at `t` seconds after the start. */
  live(t: number): Promise<void> | void
  stop(): Promise<void>
}
