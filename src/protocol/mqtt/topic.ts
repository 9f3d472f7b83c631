/** Longest topic of a configuration, in characters: MQTT takes 65,535 bytes, machines use some fifty. */
export const topicLengthMax = 1_000

/**
 * What is wrong with a topic filter that a person gave (MQTT 3.1.1, 4.7), undefined where nothing is. A wildcard in the first
 * level is refused as well: it would bring in what the whole broker carries.
 */
export function topicFilterFault(filter: string): string | undefined {
  const [first = ''] = filter.split('/')
  if (first === '+' || first === '#') return 'must not begin with a wildcard'
  return browseFilterFault(filter)
}

/** The same for somebody who looks around for a moment, and may ask for all of it. */
export function browseFilterFault(filter: string): string | undefined {
  if (filter === '') return 'must not be empty'
  if (filter.length > topicLengthMax) return `must have at most ${topicLengthMax} characters`
  if (!filter.isWellFormed() || /\p{Cc}/u.test(filter)) return 'must not hold control characters'
  const levels = filter.split('/')
  for (const [index, level] of levels.entries()) {
    if (level.includes('+') && level !== '+') return 'must have + alone between two /'
    if (level.includes('#') && (level !== '#' || index < levels.length - 1)) return 'must have # alone after the last /'
  }
  const [first = ''] = levels
  // A shared subscription takes messages away from the program that they are meant for.
  return first === '$share' || first === '$queue' ? 'must not be a shared subscription' : undefined
}

export function hasWildcard(filter: string): boolean {
  return /[+#]/.test(filter)
}

/** Whether a broker may send under it (MQTT 3.1.1, 1.5.3 and 4.7.1); what was no UTF-8 holds U+FFFD by now. */
export function isTopicName(topic: string): boolean {
  return topic !== '' && !/[+#\0\ufffd]/.test(topic)
}

/** Whether a topic is one that the filter asks for (MQTT 3.1.1, 4.7.1); the filter is one without fault. */
export function topicMatches(filter: string, topic: string): boolean {
  const wanted = filter.split('/')
  const levels = topic.split('/')
  for (const [index, level] of wanted.entries()) {
    // Looked at first, for `a/#` asks for `a` too.
    if (level === '#') return true
    if (index >= levels.length || (level !== '+' && level !== levels[index])) return false
  }
  return levels.length === wanted.length
}
