import { cp, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'

/** `new-connector.ts <id> [folder]`: makes a connector that already keeps the contract, in `connectors/` unless told otherwise. */
const [id = '', parent = 'connectors'] = process.argv.slice(2)
if (!/^[a-z][a-z0-9_]{1,39}$/.test(id)) {
  console.error(
    'Usage: npm run new-connector -- <id>, where id is lower case letters, digits and _, beginning with a letter.',
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
const definition = join(folder, 'index.ts')
const title = id.replaceAll('_', ' ').replace(/^./, (letter) => letter.toUpperCase())
const text = (await readFile(definition, 'utf8')).replace("'acme'", `'${id}'`).replace("'Acme'", `'${title}'`)
await writeFile(definition, text)
console.log(
  `${folder} has a connector for JSON over HTTP. Now say in index.ts where its values stand, and show it in cases/.`,
)
console.log(`Try it: npm run test:connector -- ${join(parent, id)} -u`)
