/** A behaviour that a connector may go without for a while. Fails when stale, expired or no longer needed. */
export interface Waiver {
  readonly connector: string
  readonly behaviour: string
  readonly reason: string
  /** Last day, YYYY-MM-DD. */
  readonly until: string
}

export const waivers: readonly Waiver[] = []
