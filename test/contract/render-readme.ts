import { type Connector, capabilitiesOf, configurationSchema, type Profile, pointSchema } from '#connector'
import type { Level } from './behaviours/behaviour.ts'
import { type Fields, fieldsOf, propertiesOf } from './fields-of.ts'

export interface ReadmeFacts {
  readonly connector: Connector
  readonly level: Level | 'none'
  /** Behaviours that the connector goes without, with the reason. */
  readonly waived: readonly { readonly behaviour: string; readonly reason: string }[]
  /** Hand-written, from `notes.md`. */
  readonly notes: string | undefined
}

/** The README of a connector: all of it follows from the definition, except the notes. */
export function renderReadme({ connector, level, waived, notes }: ReadmeFacts): string {
  const names = [connector.id, ...(connector.aliases ?? [])].map((name) => `\`${name}\``).join(', ')
  const { endpoint, port, credentials, additional_config: additional } = fieldsOf(configurationSchema(connector))
  const sections = [
    `<!-- Written by the contract suite from index.ts and notes.md: \`npm run update\`. -->\n# ${connector.title}`,
    [
      `- Protocol name: ${names}`,
      `- Source: ${connector.source}`,
      `- Can: ${capabilitiesOf(connector).join(', ')}`,
      `- Quality level: ${level}${waived.map(({ behaviour, reason }) => `\n- Without: ${behaviour} (${reason})`).join('')}`,
    ].join('\n'),
    `## Configuration\n${fieldTable({ endpoint, port })}`,
    tableUnder('### credentials', propertiesOf(credentials)),
    tableUnder('### additional_config', propertiesOf(additional)),
    tableUnder('### A point', fieldsOf(pointSchema(connector))),
    connector.profiles.length > 0 ? profileSection(connector.profiles) : '',
    notes === undefined ? '' : `## Notes\n${notes.trim()}`,
  ]
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`
}

function tableUnder(heading: string, fields: Fields): string {
  return Object.keys(fields).length === 0 ? '' : `${heading}\n${fieldTable(fields)}`
}

/** A field that takes nothing (`not`) is left out. */
function fieldTable(fields: Fields): string {
  const rows = Object.entries(fields)
    .filter(([, field]) => field && !('not' in field))
    .map(([name, field]) => fieldRow(name, field ?? {}))
  return ['| field | type | default | meaning |', '| --- | --- | --- | --- |', ...rows].join('\n')
}

function fieldRow(name: string, field: Record<string, unknown>): string {
  const standard = field['default'] === undefined ? '' : `\`${JSON.stringify(field['default'])}\``
  const meaning = [field['title'], field['description']].filter((part) => part !== undefined).join(': ')
  const words = field['x-secret'] ? `${meaning} Secret.` : meaning
  return `| \`${name}\` | ${cell(typeOf(field))} | ${cell(standard)} | ${cell(words)} |`
}

function typeOf(field: Record<string, unknown>): string {
  const { enum: words, minimum, maximum } = field
  if (Array.isArray(words)) return words.join(' · ')
  const kind = String(field['type'] ?? 'any')
  const unit = typeof field['x-unit'] === 'string' ? ` (${field['x-unit']})` : ''
  // zod bounds every integer by what a double holds exactly; that is no limit worth reading.
  const isBounded = typeof minimum === 'number' && typeof maximum === 'number' && maximum < Number.MAX_SAFE_INTEGER
  return `${kind}${isBounded ? ` ${minimum} … ${maximum}` : ''}${unit}`
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '\\<').replaceAll('\n', ' ')
}

function profileSection(profiles: readonly Profile[]): string {
  const sections = profiles.map((profile) => {
    const settings = Object.entries(profile.settings ?? {}).map(
      ([name, value]) => `\`${name}\` ${JSON.stringify(value)}`,
    )
    const lines = [
      `### ${profile.title} (\`${profile.id}\`)`,
      `${profile.manufacturer} ${profile.model}. Source: ${profile.source}.`,
      `Gives: ${profile.points.map(({ metric }) => `\`${metric}\``).join(', ')}.`,
      ...(settings.length > 0 ? [`Settings: ${settings.join(', ')}.`] : []),
      ...(profile.notes ?? []).map((note) => `- ${note}`),
    ]
    return lines.join('\n')
  })
  return `## Profiles\nEach is a protocol name of its own; own points add to or replace its points by metric.\n\n${sections.join('\n\n')}`
}
