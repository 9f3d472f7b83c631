import type { Profile } from '#connector'

/** A machine's topics as data: `{device}` in them is the setting of that name. */
export type MqttProfile = Profile<{
  readonly topic: string
  readonly pointer?: string
  readonly unit_pointer?: string
  readonly timestamp_pointer?: string
  readonly invalid?: number[]
  readonly command_topic?: string
  readonly command?: Record<string, unknown>
}>
