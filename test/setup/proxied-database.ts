import { join } from 'node:path'
import { silentLog } from '#core'
import { type Database, migrate, openDatabase } from '#store'
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts'
import { createTemporaryDatabase } from './temporary-database.ts'

/** A migrated database that is reached directly, and through a wire that can be cut. */
export interface ProxiedDatabase {
  readonly direct: Database
  readonly through: Database
  readonly proxy: TcpProxy
  stop(): Promise<void>
}

export async function startProxiedDatabase(): Promise<ProxiedDatabase> {
  const temporary = await createTemporaryDatabase()
  const direct = openDatabase(temporary.url, silentLog)
  await migrate(direct.bulk, join(import.meta.dirname, '../../migrations'), silentLog)
  const url = new URL(temporary.url)
  const proxy = await startTcpProxy({ host: url.hostname, port: Number(url.port) })
  url.port = String(proxy.port)
  const through = openDatabase(url.href, silentLog)
  return {
    direct,
    through,
    proxy,
    async stop() {
      await through.close()
      await direct.close()
      await proxy.stop()
      await temporary.drop()
    },
  }
}
