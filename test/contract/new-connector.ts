import { cp, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'

/** `new-connector.ts <id> [folder]`: makes a connector that already keeps the contract, in `connectors/` unless told otherwise. */
const root = join(import.meta.dirname, '../..')
const [id = '', parent = join(root, 'connectors')] = process.argv.slice(2)
if (!/^[a-z][a-z0-9_]{1,39}$/.test(id)) {
  console.error(
    'Usage: npm run new-connector -- <id> [folder], where id is lower case letters, digits and _, beginning with a letter.',
  )
  process.exit(1)
}
const folder = resolve(parent, id)
await cp(join(import.meta.dirname, 'template'), folder, { recursive: true, errorOnExist: true, force: false }).catch(
  (error: NodeJS.ErrnoException) => {
    console.error(error.code === 'ERR_FS_CP_EEXIST' ? `${folder} is there already.` : error.message)
    process.exit(1)
  },
)
const title = id.replaceAll('_', ' ').replace(/^./, (letter) => letter.toUpperCase())
// Only there for types, so the connector runs wherever Bakewire lies.
const isOutside = relative(root, folder).startsWith('..')
const parts = isOutside ? join(root, 'src/protocol/parts/index.ts') : '#protocol/parts'
for (const name of ['index.ts', 'simulator.ts']) {
  const text = await readFile(join(folder, name), 'utf8')
  const own = text
    .replace("'acme'", `'${id}'`)
    .replace("'Acme'", `'${title}'`)
    .replace("'#protocol/parts'", `'${parts}'`)
  await writeFile(join(folder, name), own)
}
console.log(
  `${folder} has a connector for JSON over HTTP. Now say in index.ts where its values stand, and show it in cases/.`,
)
console.log(`Try it: npm run test:connector -- ${folder} -u`)
// Says that files are modules, to Node and to editors; one that is there already counts.
if (isOutside) {
  await writeFile(join(dirname(folder), 'package.json'), '{ "private": true, "type": "module" }\n', {
    flag: 'wx',
  }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
}
if (isOutside) console.log(`Start Bakewire with it: CONNECTOR_DIRS=${dirname(folder)} npm start`)
