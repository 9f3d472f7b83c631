/** A topic of the configuration with the device's name in its place. */
export function topicOf(topic: string, device: string | undefined): string {
  return device === undefined ? topic : topic.replaceAll('{device}', () => device)
}
