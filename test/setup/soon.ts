/** For `vi.waitFor`: what should take a moment. A busy machine may need very long for it; that is no failure. */
export const soon = { timeout: 30_000, interval: 20 }
