import { silentLog } from '#core'
import { migrate, openDatabase } from '#store'

/** `migrate.child.ts <database> <folder>`: runs the migrations of a folder. */
const [url = '', folder = ''] = process.argv.slice(2)
const database = openDatabase(url, silentLog)
await migrate(database.bulk, folder, silentLog)
await database.close()
