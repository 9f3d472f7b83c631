import { z } from 'zod'
import type { Connector, Profile } from './definition.ts'
import type { Configuration } from './parse.ts'

type Settings = Readonly<Record<string, unknown>>

export function findProfile(connector: Connector, id: unknown): Profile | undefined {
  return connector.profiles.find((profile) => profile.id === id)
}

/** A configuration with the settings of its profile where it gives none. */
export function withProfileSettings(connector: Connector, configuration: Configuration): Configuration {
  const given = givenSettings(configuration)
  const settings = findProfile(connector, given['profile'])?.settings
  return settings ? { ...configuration, additional_config: { ...settings, ...given } } : configuration
}

/** Parsed settings, in which what the profile and the configuration both give has come together as the connector says. */
export function mergedSettings(connector: Connector, configuration: Configuration, parsed: Settings): Settings {
  const given = givenSettings(configuration)
  const ofProfile = findProfile(connector, given['profile'])?.settings ?? {}
  const merged = Object.entries(connector.mergeWithProfile).flatMap(([name, merge]) => {
    const field = connector.settings.shape[name]
    if (!field || ofProfile[name] === undefined) return []
    const known = z.parse(field, ofProfile[name])
    return [[name, given[name] === undefined ? known : merge(known, parsed[name])]]
  })
  return { ...parsed, ...Object.fromEntries(merged) }
}

function givenSettings({ additional_config: given }: Configuration): Settings {
  return typeof given === 'object' && given !== null ? (given as Settings) : {}
}
