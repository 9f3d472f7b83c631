/** How late polls were, in ms, and how many never came. */
export interface Verdict {
  readonly polls: number
  readonly missed: number
  readonly p50: number
  readonly p99: number
  readonly max: number
}

/** Lateness of each arrival against the machine's own best grid, and polls that never came. */
export function judgeArrivals(
  machines: readonly { readonly arrivals: readonly number[] }[],
  { fromMs, untilMs, intervalMs }: { fromMs: number; untilMs: number; intervalMs: number },
): Verdict {
  const lateness: number[] = []
  let missed = 0
  for (const { arrivals } of machines) {
    const inWindow = arrivals.filter((at) => at >= fromMs && at < untilMs)
    const offsets = inWindow.map((at) => at % intervalMs)
    const base = earliestOnCircle(offsets, intervalMs)
    for (const offset of offsets) lateness.push((offset - base + intervalMs) % intervalMs)
    missed += Math.max(0, Math.floor((untilMs - fromMs) / intervalMs) - 1 - inWindow.length)
  }
  lateness.sort((a, b) => a - b)
  const at = (share: number) => lateness[Math.min(lateness.length - 1, Math.floor(lateness.length * share))] ?? 0
  return { polls: lateness.length, missed, p50: at(0.5), p99: at(0.99), max: lateness.at(-1) ?? 0 }
}

/** Of points on a circle that lie close together, the one before which the largest gap is. */
function earliestOnCircle(points: readonly number[], circumference: number): number {
  const sorted = [...points].sort((a, b) => a - b)
  let earliest = sorted[0] ?? 0
  let largestGap = -1
  for (const [index, point] of sorted.entries()) {
    const before = index === 0 ? (sorted.at(-1) ?? 0) - circumference : (sorted[index - 1] ?? 0)
    if (point - before > largestGap) [earliest, largestGap] = [point, point - before]
  }
  return earliest
}
