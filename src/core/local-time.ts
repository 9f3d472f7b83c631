const dayMs = 86_400_000

/** How far the clocks of a zone of the IANA database are ahead of UTC at a moment, ms. */
export function offsetsOf(timeZone: string): (time: number) => number {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  return (time) => {
    const second = Math.floor(time / 1_000) * 1_000
    const [d = 0, month = 1, year = 1970, h = 0, m = 0, s = 0] = format.format(second).match(/\d+/g)?.map(Number) ?? []
    return Date.UTC(year, month - 1, d, h, m, s) - second
  }
}

/**
 * When the clocks of a zone show a time, which is given as if it were of UTC: in the hour that they show twice the moment nearer
 * to `near`, in the one that they skip as if they had not been changed yet.
 */
export function momentsOf(timeZone: string): (shown: number, near: number) => number {
  const offsetAt = offsetsOf(timeZone)
  return (shown, near) => {
    const [before, after] = [shown - offsetAt(shown - dayMs), shown - offsetAt(shown + dayMs)]
    const [first = before, second = first] = [before, after].filter((moment) => moment + offsetAt(moment) === shown)
    return Math.abs(first - near) < Math.abs(second - near) ? first : second
  }
}
