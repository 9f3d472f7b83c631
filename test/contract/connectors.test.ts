import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Behaviour } from './behaviours/behaviour.ts'
import { browseBehaviours } from './behaviours/browse.ts'
import { definitionBehaviours } from './behaviours/definition.ts'
import { historyBehaviours } from './behaviours/history.ts'
import { lineBehaviours } from './behaviours/line.ts'
import { linkBehaviours } from './behaviours/link.ts'
import { readBehaviours } from './behaviours/read.ts'
import { sharingBehaviours } from './behaviours/sharing.ts'
import { subscribeBehaviours } from './behaviours/subscribe.ts'
import { wordingBehaviours } from './behaviours/wording.ts'
import { writeBehaviours } from './behaviours/write.ts'
import { caseNames, casesCover, runCase } from './cases.ts'
import { expectStillNeeded, qualityLevel, waiverFaults } from './judge-waivers.ts'
import { renderReadme } from './render-readme.ts'
import { connectorFolders, connectorsFolder, loadSubject, type Subject } from './subject.ts'
import { waivers } from './waivers.ts'

const behaviours: readonly Behaviour[] = [
  ...definitionBehaviours,
  ...linkBehaviours,
  ...readBehaviours,
  ...lineBehaviours,
  ...sharingBehaviours,
  ...wordingBehaviours,
  ...subscribeBehaviours,
  ...writeBehaviours,
  ...browseBehaviours,
  ...historyBehaviours,
  { name: 'its cases show values, faults and every profile', level: 'silver', check: casesCover },
]

const folders = await connectorFolders()
const casesOf = new Map(await Promise.all(folders.map(async (folder) => [folder, await caseNames(folder)] as const)))

it('finds connectors', () => {
  expect(folders).not.toEqual([])
})

it('every waiver is of something known, reasoned and not expired', () => {
  const known = { connectors: folders, behaviours: behaviours.map(({ name }) => name) }
  expect(waiverFaults(waivers, known, new Date().toISOString().slice(0, 10))).toEqual([])
})

describe.each(folders)('connector %s', (folder) => {
  const waived = waivers.filter(({ connector }) => connector === folder)
  let subject: Subject
  beforeAll(async () => {
    subject = await loadSubject(folder)
  })

  it.for(behaviours)('$name', async ({ name, needs, check }, { skip }) => {
    if (needs && !needs.holds(subject)) skip(`has no ${needs.name}`)
    const waiver = waived.find(({ behaviour }) => behaviour === name)
    if (waiver) await expectStillNeeded(waiver, () => check(subject))
    else await check(subject)
  })

  it.each(casesOf.get(folder) ?? [])('case %s', async (name) => {
    await runCase(subject, name)
  })

  it('its README is current', async () => {
    const notes = await readFile(join(connectorsFolder, folder, 'notes.md'), 'utf8').catch(absent)
    const level = qualityLevel(behaviours, waived)
    const readme = renderReadme({ connector: subject.connector, level, waived, notes })
    await expect(readme).toMatchFileSnapshot(join(connectorsFolder, folder, 'README.md'))
  })
})

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}
